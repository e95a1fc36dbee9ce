/** How a passage uses the words of a question: how many, how close together, in which order, in its headings. Knows no weights. */

/** The words of the question that any candidate uses, with how much each tells candidates apart. */
export interface QuestionTerms {
  /** In the order of the question; a word may come twice. */
  readonly sequence: readonly string[]
  readonly idf: ReadonlyMap<string, number>
}

/** Every value in [0, 1]: a share of what the question's words are worth together. */
export interface TermEvidence {
  readonly coverage: number
  readonly nearness: number
  readonly phrases: number
  readonly naming: number
}

/** Terms that count as standing together: about a sentence, since stop words are gone. */
const WINDOW = 12

/** @returns idf = ln(1 + (N - n + 0.5) / (n + 0.5)) over N texts of which n have the term (Robertson and Zaragoza 2009) */
export function termRarity(term: string, texts: readonly ReadonlySet<string>[]): number {
  const having = texts.filter((text) => text.has(term)).length
  return Math.log(1 + (texts.length - having + 0.5) / (having + 0.5))
}

/**
 * @param texts the terms of each candidate, names included
 * @returns rarity among the candidates; words that none uses are left out
 */
export function weighQuestionTerms(sequence: readonly string[], texts: readonly ReadonlySet<string>[]): QuestionTerms {
  const idf = new Map<string, number>()
  for (const term of new Set(sequence)) {
    if (texts.some((text) => text.has(term))) idf.set(term, termRarity(term, texts))
  }
  return { sequence: sequence.filter((term) => idf.has(term)), idf }
}

/** @param body the passage's terms in order  @param names the terms of its title and headings */
export function evidenceOf({ sequence, idf }: QuestionTerms, body: readonly string[], names: ReadonlySet<string>): TermEvidence {
  const total = sum(idf.values())
  if (total === 0) return { coverage: 0, nearness: 0, phrases: 0, naming: 0 }
  const present = new Set(body.filter((term) => idf.has(term)))
  const worth = (has: (term: string) => boolean): number => sum([...idf].map(([term, value]) => (has(term) ? value : 0))) / total
  return {
    coverage: worth((term) => present.has(term) || names.has(term)),
    nearness: bestWindow(body, idf) / total,
    phrases: phraseShare(sequence, idf, body),
    naming: worth((term) => names.has(term)),
  }
}

/** The most that distinct question words within WINDOW consecutive terms are worth. */
function bestWindow(body: readonly string[], idf: ReadonlyMap<string, number>): number {
  const inside = new Map<string, number>()
  let worth = 0
  let best = 0
  for (const [position, term] of body.entries()) {
    const value = idf.get(term)
    if (value !== undefined) {
      const before = inside.get(term) ?? 0
      inside.set(term, before + 1)
      if (before === 0) worth += value
    }
    const leaving = body[position - WINDOW]
    const left = leaving === undefined ? undefined : idf.get(leaving)
    if (leaving !== undefined && left !== undefined) {
      const remaining = (inside.get(leaving) ?? 0) - 1
      inside.set(leaving, remaining)
      if (remaining === 0) worth -= left
    }
    best = Math.max(best, worth)
  }
  return Math.min(best, sum(idf.values()))
}

/** The share of the question's neighbouring pairs that are neighbours here too. */
function phraseShare(sequence: readonly string[], idf: ReadonlyMap<string, number>, body: readonly string[]): number {
  const pairs = sequence.slice(1).map((term, position) => ({ first: sequence[position] ?? '', second: term }))
  const areNeighbours = ({ first, second }: { first: string; second: string }): boolean =>
    body.some((term, position) => term === second && position > 0 && body[position - 1] === first)
  const value = ({ first, second }: { first: string; second: string }): number => (idf.get(first) ?? 0) + (idf.get(second) ?? 0)
  const total = sum(pairs.map(value))
  const found = pairs.filter(areNeighbours)
  return total > 0 ? sum(found.map(value)) / total : 0
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
