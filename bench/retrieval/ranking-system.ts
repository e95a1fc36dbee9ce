/** What the retrieval bench compares: something that is given a collection and ranks it. Knows no system. */
import type { RankQuery } from '../../src/lifecycle/evaluation/retrieval/evaluate-retrieval.ts'
import type { CollectionDocument, CollectionQuery } from '../../src/lifecycle/evaluation/retrieval/judged-collection.ts'

export interface OpenSystem {
  readonly rank: RankQuery
  /** How well the best document matches, comparable between queries; 0 when nothing does. */
  topScore(query: CollectionQuery): Promise<number>
  close(): Promise<void>
}

export interface RankingSystem {
  /** Heads its column. */
  readonly name: string
  readonly isPeer: boolean
  /** @param folder empty, of its own */
  open(documents: readonly CollectionDocument[], folder: string): Promise<OpenSystem>
}
