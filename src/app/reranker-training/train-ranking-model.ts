/** From folders of judgements to a ranking model with its report. Knows the order of the steps; prints and writes nothing. */
import { dirname, relative, resolve, sep } from 'node:path'
import type { RankingModel } from '../../contracts/ranking-model.ts'
import { sealRankingModel } from '../../foundation/ranking/model-file.ts'
import { FEATURES_VERSION, rankingFeatures } from '../../knowledge/retrieval/rerankers/ranking-features.ts'
import { loadJudgedCollection } from '../../lifecycle/evaluation/retrieval/judged-collection.ts'
import type { CandidateCollection } from '../../lifecycle/ranking-training/judged-candidates.ts'
import type { RerankerReport } from '../../lifecycle/ranking-training/reranker-report.ts'
import { trainReranker } from '../../lifecycle/ranking-training/train-reranker.ts'
import type { LoadedConfig } from '../load-config.ts'
import { RANKING_POOL } from '../ranking-models.ts'
import { collectCandidates } from './collect-candidates.ts'

export interface TrainRankingModelOptions {
  /** Folders with corpus.jsonl, queries.jsonl and qrels.tsv: learned from, each left out in turn. */
  readonly judgements: readonly string[]
  /** Such folders that are measured only. */
  readonly test: readonly string[]
  /** Collections are indexed in folders below; what is there already is used again. */
  readonly dataDirectory: string
  readonly feature: string
  readonly seed: number
  readonly onProgress: (progress: { phase: string; done: number; total: number; document?: string }) => void
  readonly log: (text: string) => void
  readonly signal: AbortSignal
}

export interface TrainedRankingModel {
  readonly model: RankingModel
  readonly report: RerankerReport
}

/** Orders that are good as they are: what is learned may lead away from them only as far as the questions say so. */
const ANCHORS = ['first-stage', 'proximity']

/** @throws TouchstoneError DATASET_INVALID, FEATURE_UNKNOWN, INGEST_RUNNING, REQUEST_CANCELLED, STATE_*, INDEX_* */
export async function trainRankingModel(loaded: LoadedConfig, options: TrainRankingModelOptions): Promise<TrainedRankingModel> {
  const holder = commonFolder([...options.judgements, ...options.test].map((directory) => resolve(directory)))
  const collect = async (directories: readonly string[]): Promise<readonly CandidateCollection[]> => {
    const collections: CandidateCollection[] = []
    for (const directory of directories) collections.push(await collectFolder(resolve(directory), holder, loaded, options))
    return collections
  }
  const training = await collect(options.judgements)
  const testing = await collect(options.test)
  const names = rankingFeatures.map(({ name }) => name)
  const { scorer, report } = trainReranker({
    training,
    testing,
    width: names.length,
    anchors: ANCHORS.map((name) => names.indexOf(name)),
    seed: options.seed,
    onProgress: (done, total) => options.onProgress({ phase: 'training', done, total }),
  })
  const model = sealRankingModel({ featuresVersion: FEATURES_VERSION, features: names, pool: RANKING_POOL, scorer, report })
  return { model, report }
}

async function collectFolder(
  directory: string,
  holder: string,
  loaded: LoadedConfig,
  { dataDirectory, feature, onProgress, log, signal }: TrainRankingModelOptions,
): Promise<CandidateCollection> {
  // Two folders may have the same name: from the folder that holds them all their paths differ.
  const name = relative(holder, directory).replaceAll(sep, '/')
  const collection = { ...(await loadJudgedCollection(directory)), name }
  return collectCandidates(directory, collection, loaded, {
    dataDirectory,
    pool: RANKING_POOL,
    feature,
    onProgress: (phase, done, total) => onProgress({ phase, done, total, document: collection.name }),
    log,
    signal,
  })
}

/** The innermost folder that holds all of these. */
function commonFolder(directories: readonly string[]): string {
  const holds = (folder: string): boolean => directories.every((directory) => directory.startsWith(folder + sep))
  let folder = dirname(directories[0] ?? '.')
  while (!holds(folder) && folder !== dirname(folder)) folder = dirname(folder)
  return folder
}
