/** One lexical list over weighted fields of one index level. Knows how scores become shares; knows no particular weights. */
import { z } from 'zod'
import type { DocumentIndex, IndexField, IndexLevel } from '../../../contracts/document-index.ts'
import type { Retriever } from '../../../contracts/retrieval.ts'

export interface RetrieverParts {
  readonly index: DocumentIndex
}

export type FieldWeights = Readonly<Record<IndexField, number>>

/** How much a match in each field counts; a field with weight 0 is not searched. */
export function fieldWeightsSchema(defaults: FieldWeights) {
  const weight = z.number().min(0).max(100)
  return z.strictObject({
    title: weight.default(defaults.title),
    path: weight.default(defaults.path),
    headings: weight.default(defaults.headings),
    body: weight.default(defaults.body),
  })
}

/** What a synonym counts beside the word itself. */
export const RELATED_WEIGHT = 0.5

/** What a corrected word counts beside one that stands as it was asked. */
const CORRECTED_WEIGHT = 0.8

/** Scores are shares of the list's best: BM25 has no bound of its own, and what a reader may not see must not move what they see. */
export function createLexicalRetriever(
  id: string,
  level: IndexLevel,
  fieldWeights: FieldWeights,
  index: DocumentIndex,
): Retriever {
  return {
    id,
    async retrieve(query, filter, limit, signal) {
      const related = { terms: query.related ?? [], weight: RELATED_WEIGHT }
      const corrected = { terms: query.corrected ?? [], weight: CORRECTED_WEIGHT * fieldWeights.body }
      const further = [related, corrected, ...repetitions(query.repeated ?? [], fieldWeights.body)]
      const hits = await index.searchLexical(level, { terms: query.terms, further, fieldWeights }, filter, limit, signal)
      const best = hits[0]?.score ?? 0
      return hits.map((hit) => ({ ...hit, score: best > 0 ? hit.score / best : 0, engineScore: hit.score }))
    },
  }
}

/** A term counts as often as it is said, as in BM25 over long questions: one group for the second time, one for the third. */
function repetitions(repeated: readonly string[], weight: number): { terms: readonly string[]; weight: number }[] {
  const times = new Map<string, number>()
  const groups: string[][] = []
  for (const term of repeated) {
    const time = times.get(term) ?? 0
    times.set(term, time + 1)
    ;(groups[time] ??= []).push(term)
  }
  return groups.map((terms) => ({ terms, weight }))
}
