/** What the shipped first stage gives for the questions of a judged collection, as features. Knows the pipeline; knows nothing of training. */
import type { Passage } from '../../contracts/document.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import type { AnalysedQuery, Reranker } from '../../contracts/retrieval.ts'
import { idealDcg } from '../../foundation/ranking/lambda-gradients.ts'
import { rankingFeatures } from '../../knowledge/retrieval/rerankers/ranking-features.ts'
import { createPassageFeatures } from '../../knowledge/retrieval/rerankers/passage-features.ts'
import { proximity } from '../../knowledge/retrieval/rerankers/proximity.ts'
import type { CollectionQuery, JudgedCollection } from '../../lifecycle/evaluation/retrieval/judged-collection.ts'
import type { CandidateCollection, JudgedCandidates } from '../../lifecycle/ranking-training/judged-candidates.ts'
import type { LoadedConfig } from '../load-config.ts'
import { featureOf } from '../feature-of.ts'
import { collectionFolder, openCollection } from '../retrieval-evaluation/open-collection.ts'
import { createPipelineRanker } from '../retrieval-evaluation/pipeline-ranker.ts'

export interface CollectOptions {
  /** Collections are indexed in folders below; what is there already is used again. */
  readonly dataDirectory: string
  /** Candidates that the reranker gets for each question. */
  readonly pool: number
  readonly onProgress: (phase: 'reading' | 'searching', done: number, total: number) => void
  readonly feature: string
  readonly log: (text: string) => void
  readonly signal: AbortSignal
}

const RECORDER = 'recorder'

/** @throws TouchstoneError INGEST_RUNNING, REQUEST_CANCELLED, STATE_*, INDEX_* */
export async function collectCandidates(
  directory: string,
  collection: JudgedCollection,
  loaded: LoadedConfig,
  { dataDirectory, pool, feature, onProgress, log, signal }: CollectOptions,
): Promise<CandidateCollection> {
  const recorder = createRecorder(pool)
  const opened = await openCollection(collection.documents, loaded, {
    dataDirectory: collectionFolder(dataDirectory, directory),
    rerankers: new Map([[RECORDER, recorder.reranker]]),
    onProgress: (done, total) => onProgress('reading', done, total),
    log,
    signal,
  })
  try {
    const { retrieval, policy } = featureOf(loaded.config, feature)
    const rank = createPipelineRanker(opened.foundation, opened.knowledge, {
      caller: opened.caller,
      idOf: opened.idOf,
      feature,
      maxQuestionLength: policy.maxQuestionLength,
      settings: { ...retrieval, rerankers: [RECORDER] },
      depth: 1,
    })
    const queries: JudgedCandidates[] = []
    const judged = collection.queries.filter(({ id }) => collection.judgements.has(id))
    for (const query of judged) {
      await rank(query, signal)
      queries.push(await toCandidates(query, recorder.take(), collection, opened.idOf, signal))
      onProgress('searching', queries.length, judged.length)
    }
    return { name: collection.name, queries }
  } finally {
    await opened.close()
  }
}

interface Recorded {
  readonly query: AnalysedQuery
  readonly passages: readonly Passage[]
}

/** A reranker that changes nothing and remembers what it was given last. */
function createRecorder(pool: number): { readonly reranker: Reranker; take(): Recorded | undefined } {
  let last: Recorded | undefined
  return {
    reranker: {
      id: RECORDER,
      pool,
      rerank: async (query, passages) => {
        last = { query, passages }
        return passages
      },
    },
    take: () => {
      const taken = last
      last = undefined
      return taken
    },
  }
}

const measure = createPassageFeatures(rankingFeatures)
const baseline = proximity.create(proximity.parseOptions({}), {})

/** Features are measured among all candidates, as when serving; those that the question was made from are dropped afterwards. */
async function toCandidates(
  { id, linkedFrom }: CollectionQuery,
  recorded: Recorded | undefined,
  { name, judgements }: JudgedCollection,
  idOf: ReadonlyMap<DocumentId, string>,
  signal: AbortSignal,
): Promise<JudgedCandidates> {
  const { query, passages } = recorded ?? { query: { text: '', language: 'en', terms: [] }, passages: [] }
  const judged = judgements.get(id) ?? new Map<string, number>()
  const all = measure(query, passages)
  const width = rankingFeatures.length
  const reranked = new Map((await baseline.rerank(query, passages, signal)).map(({ chunk, score }) => [chunk, score]))
  const rows = passages.map((passage, row) => ({ passage, row, document: idOf.get(passage.document) ?? passage.document }))
  const kept = rows.filter(({ document }) => !linkedFrom.includes(document))
  return {
    id: `${name}/${id}`,
    documents: kept.map(({ document }) => document),
    features: Float64Array.from(kept.flatMap(({ row }) => [...all.subarray(row * width, (row + 1) * width)])),
    gains: Float64Array.from(kept, ({ document }) => Math.max(0, judged.get(document) ?? 0)),
    idealDcg: idealDcg(Float64Array.from([...judged.values()], (gain) => Math.max(0, gain))),
    judged,
    baselines: {
      none: Float64Array.from(kept, ({ passage }) => passage.score),
      proximity: Float64Array.from(kept, ({ passage }) => reranked.get(passage.chunk) ?? 0),
    },
  }
}
