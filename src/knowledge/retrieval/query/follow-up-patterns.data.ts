/** How follow-up questions look in each language: the words that lean on an earlier question. Data only. */

export interface FollowUpPatterns {
  /** Begins a question that changes one thing of the previous one; what remains after it is the new thing. */
  readonly opener: RegExp
  /** Stands for something named earlier. */
  readonly pronoun: RegExp
  /** Uses of a pronoun's word that stand for nothing. */
  readonly expletive: RegExp
  /** A place where one thing can be exchanged for another: preposition, then the thing. Group 1 is the preposition. */
  readonly slot: RegExp
  /** A question without a subject of its own. */
  readonly fragment: RegExp
  /** Words that ask; they do not say about what. */
  readonly asking: RegExp
  /** Puts the earlier subject behind a question that lacks one. */
  readonly join: (question: string, subject: string) => string
}

const behindColon = (question: string, subject: string): string => `${question}: ${subject}?`

export const followUpPatterns: Readonly<Record<string, FollowUpPatterns>> = {
  en: {
    opener:
      /^(?:(?:ok(?:ay)?|and|but|or|so|also|then)[,\s]+)*(?:(?:what|how) about|and|what if (?:it(?:'s| is)|they(?:'re| are)))\s+/iu,
    pronoun:
      /\b(?:it|its|they|them|their|theirs|he|she|him|her)\b|\b(?:this|that|these|those)(?=\s*(?:[?.!,]|$|(?:also|always|still|mean|means|apply|applies|include|includes|cover|covers|change|changes|work|works|cost|costs|take|takes|happen|happens)\b))|\bthe (?:same|latter|former)\b|\bthere(?=\s*[?.!]|\s*$)/iu,
    expletive:
      /\b(?:is|was|will|would|does|should|if|when|how (?:long|often|much) (?:does|will)) it (?:be )?(?:a |an |the |ok(?:ay)?\b|possible|allowed|all right|necessary|mandatory|compulsory|required|true|normal|safe|better|best|worth|permitted|legal|fine|rain|snow|take to\b|cost to\b)/iu,
    slot: /\b(for|in|at|of|to|from|with|by|on|during|as|under|per)\s+/giu,
    fragment:
      /^(?:for|in|at|from|with|by|on|during|as|under|since|until|before|after|without|why|why not|who|when|where|how|how (?:many|much|long|often|far|soon)|which(?: ones?)?|by when|by whom|until when|since when)\b[^?.!]*[?.!]*$/iu,
    asking:
      /^(?:what|which|who|whom|whose|when|where|why|how|many|much|long|often|do|does|did|is|are|can|could|may|must|should|get|gets|have|has|need|please|tell|explain|say|happens?|about)$/iu,
    join: behindColon,
  },
  de: {
    opener:
      /^(?:(?:ok(?:ay)?|und|aber|also|dann)[,\s]+)*(?:(?:was|wie) (?:ist|sieht es|steht es|verhält es sich)(?: (?:denn|dann))?(?: mit| bei| für)?(?: aus)?|wie sieht es aus mit|und)\s+/iu,
    pronoun:
      /\b(?:er|sie|ihn|ihm|ihr|ihre[nmrs]?|ihnen|sein|seine[nmrs]?|dies|diese[nmrs]?|jene[nmrs]?|derselben?|dieselben?|dasselbe|dafür|davon|damit|dazu|dabei|darin|darüber|danach|dort|dessen|deren)\b|\b(?:das|es)(?=\s*(?:[?.!,]|$|(?:auch|noch|immer|denn|dann|gilt|gelten|kostet|dauert|bedeutet|heißt)\b))|(?<=\b(?:gilt|kostet|dauert|bedeutet|heißt|betrifft|passiert) )(?:das|es)\b/iu,
    expletive:
      /\b(?:gibt|geht|ist|wird|darf|kann|muss|soll) es (?:ein|eine|einen|möglich|erlaubt|nötig|um|einem|mir|uns)\b|\bgibt es\b/iu,
    slot: /\b(für|in|im|bei|beim|von|vom|zu|zum|zur|aus|mit|ab|während|als|unter|pro|nach|am|an)\s+/giu,
    fragment:
      /^(?:für|in|im|bei|von|aus|mit|ab|während|als|seit|bis|vor|nach|ohne|warum|weshalb|wer|wem|wen|wann|wo|wie|wie ?(?:viel|viele|lange|oft|weit)|welche[rsnm]?|bis wann|ab wann|seit wann)\b[^?.!]*[?.!]*$/iu,
    asking:
      /^(?:was|welche[rsnm]?|wer|wem|wen|wessen|wann|wo|warum|weshalb|wie|viel|viele|lange|oft|ist|sind|habe|haben|hat|bekomme|bekommen|bekommt|kann|können|darf|dürfen|muss|müssen|soll|sollen|gibt|gilt|bitte|mir|man|es)$/iu,
    join: behindColon,
  },
  es: {
    opener: /^¿?\s*(?:(?:vale|bueno|y|e|pero|entonces)[,\s]+)*(?:qué (?:pasa|hay|ocurre)(?: con| de)?|qué tal|y|cómo es)\s+/iu,
    pronoun:
      /(?<!\p{L})(?:él|ella|ello|ellos|ellas|este|esta|esto|estos|estas|ese|esa|eso|esos|esas|aquel|aquello|lo mismo|la misma|el mismo|su|sus|suyo|suya|allí|ahí)(?!\p{L})(?!\s+(?:empresa|compañía|oficina|año|mes|semana)(?!\p{L}))/iu,
    expletive: /(?!)/u,
    slot: /(?<!\p{L})(para|en|de|del|a|al|con|por|desde|durante|como|según|sobre)\s+/giu,
    fragment:
      /^¿?\s*(?:para|en|de|con|por|desde|durante|hasta|sin|como|por qué|quién|quiénes|cuándo|dónde|cómo|cuánto|cuánta|cuántos|cuántas|cuál|cuáles|hasta cuándo|desde cuándo)(?!\p{L})[^?.!]*[?.!]*$/iu,
    asking:
      /^(?:qué|que|cuál|cuáles|quién|quiénes|cuándo|dónde|cómo|cuánto|cuánta|cuántos|cuántas|por|es|son|hay|tiene|tienen|tengo|puedo|puede|pueden|debo|debe|deben|se|me|corresponden)$/iu,
    join: (question, subject) => `${question}: ${subject}?`,
  },
  ja: {
    opener: /^(?:では|じゃあ|それでは|それじゃあ|あと|また|そして|ちなみに)[、,\s]*/u,
    pronoun: /それ(?!では|じゃ|ぞれ)|これ|あれ|その|この(?!会社|オフィス)|そこ|彼ら|同じ/u,
    expletive: /(?!)/u,
    slot: /(?!)/gu,
    fragment:
      /^[^、。]{1,14}(?:は|の場合は|なら|だと|については|に関しては|も)[?？]*$|^(?:なぜ|どうして|いつ|誰が|どこで|いつまで|いつから|何日|いくら)(?:ですか)?[?？。]*$/u,
    asking: /^(?:何|なに|何日|いつ|誰|どこ|どう|どの|どれ|なぜ|いくら|いくつ|ですか|ますか|です|ます|もらえ|でき)$/u,
    join: (question, subject) => `${subject}、${question}?`,
  },
}
