/** Runs every system over one judged set. Knows how parts make a set; knows no system and no report. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'
import { evaluateRetrieval } from '../../src/lifecycle/evaluation/retrieval/evaluate-retrieval.ts'
import {
  loadJudgedCollection,
  type CollectionQuery,
  type JudgedCollection,
} from '../../src/lifecycle/evaluation/retrieval/judged-collection.ts'
import type { RankingScores } from '../../src/lifecycle/evaluation/retrieval/ranking-scores.ts'
import type { JudgedSet } from './judged-sets.data.ts'
import type { OpenSystem, RankingSystem } from './ranking-system.ts'

/** What one system did with one query; of several parts, one entry for each part. */
export interface MeasuredQuery {
  readonly query: CollectionQuery
  readonly scores: readonly RankingScores[]
  readonly topScore: number
}

/** By system, then by query id. */
export type MeasuredSet = ReadonlyMap<string, ReadonlyMap<string, MeasuredQuery>>

export interface MeasureOptions {
  /** Folder of the collections. */
  readonly collections: string
  /** Removed by the caller. */
  readonly scratch: string
  readonly note: (text: string) => void
}

export async function measureSet(
  set: JudgedSet,
  systems: readonly RankingSystem[],
  options: MeasureOptions,
): Promise<MeasuredSet> {
  const measured = new Map(systems.map(({ name }) => [name, new Map<string, MeasuredQuery>()]))
  const needsTopScore = set.rows.some(({ measure }) => measure === 'roc')
  for (const corpus of new Set(set.parts.map((part) => part.corpus))) {
    const collection = await loadJudgedCollection(join(options.collections, corpus))
    for (const system of systems) {
      const began = performance.now()
      const folder = join(options.scratch, system.name.replace(/\W+/g, '-'), corpus)
      mkdirSync(folder, { recursive: true })
      const opened = await system.open(collection.documents, folder)
      try {
        for (const part of set.parts.filter((each) => each.corpus === corpus)) {
          const asked = part.queries === corpus ? collection : await askOf(collection, join(options.collections, part.queries))
          await measurePart(system.name, asked, opened, needsTopScore, measured.get(system.name) ?? new Map())
        }
      } finally {
        await opened.close()
      }
      options.note(`  ${corpus}: ${system.name} in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
    }
  }
  return measured
}

/** The documents of one collection under the questions of another. */
async function askOf(corpus: JudgedCollection, questions: string): Promise<JudgedCollection> {
  const { queries, judgements } = await loadJudgedCollection(questions)
  return { ...corpus, queries, judgements }
}

async function measurePart(
  system: string,
  collection: JudgedCollection,
  { rank, topScore }: OpenSystem,
  needsTopScore: boolean,
  measured: Map<string, MeasuredQuery>,
): Promise<void> {
  const { signal } = new AbortController()
  const options = { variant: system, concurrency: 2, clock: systemClock, signal, newRunId: () => '' }
  const { results } = await evaluateRetrieval(collection, rank, options)
  const scores = new Map(results.map((result) => [result.query, result.scores]))
  for (const query of collection.queries) {
    const found = scores.get(query.id)
    if (found === undefined) continue
    const before = measured.get(query.id)?.scores ?? []
    const best = needsTopScore ? await topScore(query) : 0
    measured.set(query.id, { query, scores: [...before, found], topScore: best })
  }
}
