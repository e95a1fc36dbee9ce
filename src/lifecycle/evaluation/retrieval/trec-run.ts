/** Rankings as TREC run files: `query Q0 document rank score tag`, a line for each. Knows the format; knows nothing of how rankings come about. */
import { basename } from 'node:path'
import type { ScoredDocument } from '../../../foundation/statistics/ranking-metrics.ts'
import { createProblems, readLines, splitFields } from './text-lines.ts'

export interface TrecRun {
  readonly tag: string
  /** By query id; in the order of the file. */
  readonly rankings: ReadonlyMap<string, readonly ScoredDocument[]>
}

/** @throws TouchstoneError DATASET_INVALID naming the lines that are wrong, or name a document twice for a query */
export async function readTrecRun(path: string): Promise<TrecRun> {
  const problems = createProblems()
  const rankings = new Map<string, Map<string, number>>()
  let tag = ''
  for await (const { number, text } of readLines(path)) {
    const where = `${basename(path)}:${number}`
    const [query = '', , document = '', , said = '', name = ''] = splitFields(text)
    const score = said === '' ? Number.NaN : Number(said)
    const ranking = rankings.get(query) ?? new Map<string, number>()
    if (document === '' || !Number.isFinite(score))
      problems.add(where, 'expected `query Q0 document rank score tag` with a number as the score')
    else if (ranking.has(document)) problems.add(where, `${document} stands twice in the ranking of query ${query}`)
    else rankings.set(query, ranking.set(document, score))
    if (tag === '') tag = name
  }
  if (rankings.size === 0) problems.add(basename(path), 'it ranks nothing')
  problems.throwIfAny(path)
  const entries = [...rankings].map(([query, scores]) => {
    return [query, [...scores].map(([document, score]) => ({ document, score }))] as const
  })
  return { tag: tag === '' ? basename(path).replace(/\.\w+$/, '') : tag, rankings: new Map(entries) }
}

/** @param rankings best first. Scores keep every digit, so that whoever reads them orders alike */
export function* trecRunLines(
  rankings: Iterable<readonly [query: string, ranking: readonly ScoredDocument[]]>,
  tag: string,
): Generator<string> {
  for (const [query, ranking] of rankings)
    for (const [place, { document, score }] of ranking.entries())
      yield `${[query, 'Q0', document, place + 1, score, tag.replace(/\s+/g, '-')].join('\t')}\n`
}
