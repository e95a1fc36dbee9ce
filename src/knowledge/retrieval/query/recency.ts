/** Questions for what is newest. Knows how they are put; knows nothing of what passages say. */
import type { Passage } from '../../../contracts/document.ts'
import { lookedAfterAt } from '../../document-dates.ts'
import { rescored } from '../explanation.ts'

/** In the languages that have a thesaurus; none of these words is one of another's with another meaning. */
const ASKS_FOR_NEWEST =
  /\b(?:latest|newest|most recent(?:ly)?|up[- ]to[- ]date|currently|nowadays|right now|at the moment)\b|(?<!\p{L})(?:neueste[nmrs]?|aktuell(?:e[nmrs]?|ste[nmrs]?)?|derzeit(?:ige[nmrs]?)?|momentan|zurzeit)(?!\p{L})|(?<!\p{L})(?:(?:le|la|les) plus récente?s?|dernière version|actuellement|en ce moment)(?!\p{L})|(?<!\p{L})(?:más recientes?|última versión|actualmente|vigentes?)(?!\p{L})|最新|現在の|目前|当前/iu
/** What the newest gains, as a share of its score. */
const BOOST = 0.3
const YEAR_MS = 365.25 * 24 * 3_600_000

/** Where the question asks for what is newest, a passage gains, the less the older it is than the newest among them; of unknown age, nothing. */
export function liftRecent(question: string, passages: readonly Passage[]): readonly Passage[] {
  if (!ASKS_FOR_NEWEST.test(question)) return passages
  const times = passages.map(lookedAfterAt)
  const newest = times.reduce<number>((latest, time) => Math.max(latest, time ?? 0), 0)
  return passages.map((passage, at) => {
    const time = times[at]
    if (time === undefined) return passage
    const recency = 1 / (1 + (newest - time) / YEAR_MS)
    const gain = BOOST * recency * passage.score
    return rescored(passage, passage.score + gain, () => [{ name: 'recency', value: recency, contribution: gain }])
  })
}
