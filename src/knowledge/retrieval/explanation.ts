/** Why passages stand where they stand: what each stage added, and which words matched. Knows shares and words; computes nothing unless a passage carries an explanation. */
import type { Passage } from '../../contracts/document.ts'
import type { IndexField, IndexLevel } from '../../contracts/document-index.ts'
import type { Contribution, MatchedWord } from '../../contracts/explanation.ts'
import type { AnalysedQuery, RetrievedHit } from '../../contracts/retrieval.ts'
import { analyseText, contentWords } from '../../foundation/text/analysis.ts'
import { rowOf, type WeightedList } from './fusion.ts'

/** A first-stage list as it entered the fusion. */
export interface ExplainedList {
  /** The retriever's id. */
  readonly name: string
  readonly level: IndexLevel
  /** What it counts in the fusion, in [0, 1]. */
  readonly share: number
  /** One list for each wording, the question's first. */
  readonly wordings: readonly WeightedList[]
}

/** Passages that begin to carry an explanation: what each list, and in it each wording, said of them. */
export function explainCandidates(passages: readonly Passage[], lists: readonly ExplainedList[]): readonly Passage[] {
  const lookups = lists.map((list) => ({ list, hits: list.wordings.map(({ hits }) => byRow(list.level, hits)) }))
  return passages.map((passage) => {
    const features: Record<string, number> = {}
    const contributions = lookups.flatMap(({ list, hits }) => {
      const found = hits.map((rows) =>
        rows.get(list.level === 'chunks' ? rowOf({ id: passage.chunk, version: passage.version }) : passage.document),
      )
      found.forEach((hit, wording) => {
        if (hit?.engineScore !== undefined) features[`${nameOf(list, wording)}/engine-score`] = hit.engineScore
      })
      return contributionsOf(list, found)
    })
    return { ...passage, contributions, features }
  })
}

/** Only the wording that says most counts; what the others said is told all the same. */
function contributionsOf(list: ExplainedList, found: readonly (RetrievedHit | undefined)[]): readonly Contribution[] {
  const weighted = found.map((hit, wording) => (hit?.score ?? 0) * (list.wordings[wording]?.weight ?? 0))
  const counting = weighted.indexOf(Math.max(...weighted))
  return found.flatMap((hit, wording) => {
    if (hit === undefined) return []
    const contribution = wording === counting ? list.share * (weighted[wording] ?? 0) : 0
    return [{ name: nameOf(list, wording), value: hit.score, contribution }]
  })
}

function nameOf({ name, wordings }: ExplainedList, wording: number): string {
  const label = wordings[wording]?.label
  if (label !== undefined) return `${name}/${label}`
  return wording === 0 ? name : `${name}/wording-${wording + 1}`
}

function byRow(level: IndexLevel, hits: readonly RetrievedHit[]): ReadonlyMap<string, RetrievedHit> {
  const rows = new Map<string, RetrievedHit>()
  for (const hit of hits) {
    const row = level === 'chunks' ? rowOf(hit) : hit.document
    if (hit.score > (rows.get(row)?.score ?? -1)) rows.set(row, hit)
  }
  return rows
}

/** The passage with another score. @param parts what made the difference; asked for only where somebody wants to know */
export function rescored(passage: Passage, score: number, parts: () => readonly Contribution[]): Passage {
  if (passage.contributions === undefined) return { ...passage, score }
  return { ...passage, score, contributions: [...passage.contributions, ...parts()] }
}

/** Contributions in points of the score relative to the best. */
export function scaleContributions(passage: Passage, best: number): Passage {
  if (passage.contributions === undefined || best <= 0) return passage
  const scaled = passage.contributions.map((part) => ({ ...part, contribution: part.contribution / best }))
  return { ...passage, contributions: scaled }
}

/** Says that passages with a better score made room, because enough of their document was there already. */
export function madeRoomFor(passage: Passage, isPreferred: boolean): Passage {
  if (passage.contributions === undefined || !isPreferred) return passage
  return { ...passage, contributions: [...passage.contributions, { name: 'diversity', value: 1, contribution: 0 }] }
}

/** Adds which words the passage shares with the wordings, each once, in the fields that are searched. */
export function explainMatches(passage: Passage, wordings: readonly AnalysedQuery[]): Passage {
  const { language } = passage
  const texts = { title: passage.title, headings: passage.headingPath.join('\n'), body: passage.text }
  const fields = Object.entries(texts).map(
    ([field, text]) => [field as IndexField, new Set(analyseText(text, language))] as const,
  )
  const fieldsOf = (terms: readonly string[]): IndexField[] =>
    fields.filter(([, held]) => terms.some((term) => held.has(term))).map(([field]) => field)
  const matched = new Map<string, MatchedWord>()
  for (const { word, terms } of askedWords(wordings, language)) {
    const found = fieldsOf(terms)
    if (found.length > 0) matched.set(word, { word, fields: found })
  }
  const related = new Set(wordings.flatMap((wording) => wording.related ?? []))
  // Related terms are looked for in the indexed text of chunks and documents alone.
  for (const { word, stem } of related.size === 0 ? [] : contentWords(passage.text, language)) {
    const name = word.toLowerCase()
    if (related.has(stem) && !matched.has(name)) matched.set(name, { word: name, fields: ['body'], related: true })
  }
  return { ...passage, matched: [...matched.values()] }
}

function askedWords(wordings: readonly AnalysedQuery[], language: string): readonly { word: string; terms: readonly string[] }[] {
  const words = wordings.flatMap((wording) => contentWords(wording.text, wording.language))
  const content = words.filter(({ stop }) => !stop)
  return (content.length > 0 ? content : words).map(({ word }) => ({
    word: word.toLowerCase(),
    terms: analyseText(word, language),
  }))
}
