/** How questions are joined and how they name a place, by language. Data only. */

export interface QuestionPatterns {
  /** Stands between two questions of one sentence; a word that asks follows. */
  readonly joint: RegExp
  /** Comes before the name of a source, articles included: a source of a regular expression. */
  readonly within: string
  /** Comes before the name of a language, and what may follow it: sources of regular expressions. */
  readonly inLanguage: readonly [before: string, after: string]
}

const CLAUSE_END = String.raw`(?=\s*(?:[?.!,;]|$))`

export const questionPatterns: Readonly<Record<string, QuestionPatterns>> = {
  en: {
    joint:
      /(?:\s*[,;]\s*|\s+)(?:and|or|but)\s+(?:also\s+)?(?=(?:(?:by|for|from|to|with|until|since|at|in) )?(?:who|whom|whose|what|which|when|where|why|how)\b|(?:do|does|did|is|are|was|were|can|could|may|must|should|will|would|has|have) (?:i|we|you|they|he|she|it|the|there|my|our|this|that|people|employees|staff)\b)/iu,
    within: String.raw`(?:in|from|on|within|per|according to)\s+(?:the\s+|our\s+|my\s+)?`,
    inLanguage: [String.raw`in\s+`, `(?:${CLAUSE_END}|(?=\\s+(?:version|text|translation|document|page)s?\\b))`],
  },
  de: {
    joint:
      /(?:\s*[,;]\s*|\s+)(?:und|oder|aber)\s+(?:auch\s+)?(?=(?:(?:bis|ab|seit|für|von|mit|bei|an) )?(?:wer|wem|wen|wessen|was|welche[rsnm]?|wann|wo|wohin|woher|warum|weshalb|wieso|wie|wieviele?)\b|(?:kann|darf|muss|soll|ist|sind|gibt|gilt|hat|habe|bekommt?|bekomme) (?:ich|man|wir|sie|er|es|das|die|der|mein)\b)/iu,
    within: String.raw`(?:in|im|aus|laut|gemäß|nach)\s+(?:dem\s+|der\s+|den\s+|unserem\s+|unserer\s+)?`,
    inLanguage: [String.raw`(?:auf|in)\s+`, CLAUSE_END],
  },
  es: {
    joint:
      /(?:\s*[,;]\s*|\s+)(?:y|e|o|pero)\s+(?:también\s+)?(?=¿?(?:(?:a|de|con|por|para|en|hasta|desde) )?(?:quién|quiénes|qué|cuál|cuáles|cuándo|cuánto|cuánta|cuántos|cuántas|dónde|cómo)(?!\p{L}))/iu,
    within: String.raw`(?:en|del?|según)\s+(?:el\s+|la\s+|los\s+|las\s+|nuestro\s+|nuestra\s+)?`,
    inLanguage: [String.raw`en\s+`, CLAUSE_END],
  },
  fr: {
    joint:
      /(?:\s*[,;]\s*|\s+)(?:et|ou|mais)\s+(?:aussi\s+)?(?=(?:(?:à|de|avec|par|pour|en|jusqu'à|depuis) )?(?:qui|que|quoi|quel(?:le)?s?|quand|où|pourquoi|comment|combien)(?!\p{L})|est-ce|qu'est-ce)/iu,
    within: String.raw`(?:dans|du|de|des|sur|selon|d'après)\s+(?:le\s+|la\s+|les\s+|l'|notre\s+|nos\s+)?`,
    inLanguage: [String.raw`en\s+`, CLAUSE_END],
  },
}
