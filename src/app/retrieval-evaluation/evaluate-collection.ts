/** Evaluates ways of retrieving, and rankings from files, on one test collection, and compares each with the first. Prints nothing. */
import { resolve } from 'node:path'
import type { RetrievalSettings } from '../../contracts/release.ts'
import { systemClock, type Clock } from '../../foundation/concurrency/clock.ts'
import { systemIds, type IdSource } from '../../foundation/concurrency/random.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { compareRetrieval, type RetrievalComparison } from '../../lifecycle/evaluation/retrieval/compare-retrieval.ts'
import {
  evaluateRetrieval,
  type RankQuery,
  type RetrievalEvaluation,
} from '../../lifecycle/evaluation/retrieval/evaluate-retrieval.ts'
import { loadJudgedCollection, type JudgedCollection } from '../../lifecycle/evaluation/retrieval/judged-collection.ts'
import { readTrecRun } from '../../lifecycle/evaluation/retrieval/trec-run.ts'
import { fitWeight, type FittedWeight } from '../../foundation/statistics/fitted-weight.ts'
import { featureOf } from '../feature-of.ts'
import type { LoadedConfig } from '../load-config.ts'
import { collectionFolder, openCollection, type OpenCollection } from './open-collection.ts'
import { defaultDenseWeight } from '../../knowledge/retrieval/retrievers/dense-chunks.ts'
import { createPipelineRanker } from './pipeline-ranker.ts'
import { retrievalVariants, SHIPPED } from './retrieval-variants.data.ts'

const DENSE_WEIGHTS = Array.from({ length: 11 }, (_, tenth) => tenth / 10)

export interface CollectionProgress {
  readonly phase: 'reading' | 'ranking'
  readonly done: number
  readonly total: number
  readonly document?: string
}

export interface EvaluateCollectionOptions {
  /** The collection is indexed in a folder below; what is there already is used again. */
  readonly dataDirectory: string
  /** Names of the catalogue; `shipped` when there are neither variants nor runs. */
  readonly variants: readonly string[]
  /** Also finds the weight of the list by meaning that suits this collection. */
  readonly fitsDenseWeight?: boolean
  /** TREC run files that are scored beside them. */
  readonly runs: readonly string[]
  readonly feature: string
  /** Queries at once. */
  readonly concurrency: number
  readonly onProgress?: (progress: CollectionProgress) => void
  readonly log: (text: string) => void
  readonly signal: AbortSignal
  readonly clock?: Clock
  readonly ids?: IdSource
}

export interface CollectionEvaluation {
  readonly collection: JudgedCollection
  /** What was indexed; absent when only run files were scored. */
  readonly documents?: { readonly total: number; readonly empty: number; readonly failed: number }
  readonly items: readonly RetrievalEvaluation[]
  /** Of the first with each other one. */
  readonly comparisons: readonly RetrievalComparison[]
  /** Of `retrieval.denseWeight`, by nDCG@10 of the first variant. */
  readonly denseWeight?: FittedWeight
}

/** @throws TouchstoneError DATASET_INVALID, ARGUMENT_INVALID, FEATURE_UNKNOWN, INGEST_RUNNING, REQUEST_CANCELLED, STATE_*, INDEX_* */
export async function evaluateCollection(
  directory: string,
  loaded: LoadedConfig,
  options: EvaluateCollectionOptions,
): Promise<CollectionEvaluation> {
  const variants = options.variants.length + options.runs.length === 0 ? [SHIPPED] : options.variants
  const settings = variants.map((variant) => [variant, variantSettings(variant, loaded, options.feature)] as const)
  const collection = await loadJudgedCollection(directory)
  const runs = await Promise.all(options.runs.map(readTrecRun))
  const opened = settings.length === 0 ? undefined : await open(directory, collection, loaded, options)
  const items: RetrievalEvaluation[] = []
  let fitted: { readonly denseWeight?: FittedWeight } = {}
  try {
    if (opened !== undefined)
      for (const [variant, retrieval] of settings)
        items.push(await evaluateOne(variant, collection, pipelineRanker(opened, retrieval, loaded, options), options))
    if (options.fitsDenseWeight === true && opened !== undefined && settings[0] !== undefined)
      fitted = { denseWeight: await fitDenseWeight(collection, settings[0][1], opened, loaded, options) }
    for (const { tag, rankings } of runs)
      items.push(await evaluateOne(tag, collection, async ({ id }) => rankings.get(id) ?? [], options))
  } finally {
    await opened?.close()
  }
  const [first, ...others] = items
  const comparisons = first === undefined ? [] : others.flatMap((other) => compareRetrieval(first, other))
  if (opened === undefined) return { collection, items, comparisons, ...fitted }
  const documents = { total: collection.documents.length, empty: opened.empty, failed: opened.ingest.documents.failed }
  return { collection, documents, items, comparisons, ...fitted }
}

/** @throws TouchstoneError ARGUMENT_INVALID for an unknown variant, FEATURE_UNKNOWN */
export function variantSettings(variant: string, { config }: LoadedConfig, feature: string): RetrievalSettings {
  const configured = featureOf(config, feature)
  const known = Object.keys(retrievalVariants)
  const found = Object.hasOwn(retrievalVariants, variant) ? retrievalVariants[variant] : undefined
  if (found !== undefined) return { ...configured.retrieval, ...found.settings }
  const reason = `there is no variant "${variant}"; known: ${known.join(', ')}`
  throw new TouchstoneError('ARGUMENT_INVALID', { details: { name: '--variant', reason, command: 'eval retrieval' } })
}

function open(
  directory: string,
  collection: JudgedCollection,
  loaded: LoadedConfig,
  { dataDirectory, onProgress, ...options }: EvaluateCollectionOptions,
): Promise<OpenCollection> {
  return openCollection(collection.documents, loaded, {
    ...options,
    dataDirectory: collectionFolder(dataDirectory, resolve(directory)),
    onProgress: (done, total) => onProgress?.({ phase: 'reading', done, total, document: collection.name }),
  })
}

function pipelineRanker(
  { foundation, knowledge, caller, idOf }: OpenCollection,
  settings: RetrievalSettings,
  { config }: LoadedConfig,
  { feature }: EvaluateCollectionOptions,
): RankQuery {
  const { maxQuestionLength } = featureOf(config, feature).policy
  return createPipelineRanker(foundation, knowledge, { caller, feature, maxQuestionLength, settings, idOf })
}

/** A query that could not be ranked says nothing about weights. */
async function fitDenseWeight(
  collection: JudgedCollection,
  settings: RetrievalSettings,
  opened: OpenCollection,
  loaded: LoadedConfig,
  options: EvaluateCollectionOptions,
): Promise<FittedWeight> {
  const reordersOnly = await opened.knowledge.index.use(async ({ encoder }) => encoder?.reordersOnly === true)
  const fallback = defaultDenseWeight(reordersOnly)
  const byWeight: (number | undefined)[][] = []
  for (const denseWeight of DENSE_WEIGHTS) {
    const rank = pipelineRanker(opened, { ...settings, denseWeight }, loaded, options)
    const { results } = await evaluateOne(`denseWeight ${denseWeight}`, collection, rank, options)
    byWeight.push(results.map(({ scores }) => scores?.['ndcg@10']))
  }
  const rows = (byWeight[0] ?? []).map((_, query) => byWeight.map((scores) => scores[query]))
  const qualities = rows.filter((row): row is number[] => row.every((score) => score !== undefined))
  return fitWeight({ weights: DENSE_WEIGHTS, qualities, fallback })
}

function evaluateOne(
  variant: string,
  collection: JudgedCollection,
  rank: RankQuery,
  { clock = systemClock, ids = systemIds, concurrency, signal, onProgress }: EvaluateCollectionOptions,
): Promise<RetrievalEvaluation> {
  return evaluateRetrieval(collection, rank, {
    variant,
    concurrency,
    signal,
    clock,
    newRunId: () => ids.next(clock.now()),
    onProgress: (done, total) => onProgress?.({ phase: 'ranking', done, total, document: variant }),
  })
}
