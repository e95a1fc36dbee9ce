/** Learns a ranking from judged candidates and says what it is worth on collections that it has not seen. Knows no texts and no files. */
import type { RankingScorer } from '../../contracts/ranking-model.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import { createScorer } from '../../foundation/ranking/ranking-scorer.ts'
import { trainLinear } from '../../foundation/ranking/train-linear.ts'
import { TREE_TRAINING, trainTrees } from '../../foundation/ranking/train-trees.ts'
import { createSeededRandom } from '../../foundation/statistics/seeded-random.ts'
import { ndcgOfScores, type CandidateCollection, type JudgedCandidates } from './judged-candidates.ts'
import { reportOn, type LeftOutCollection, type RerankerReport, type Rival } from './reranker-report.ts'

export interface RerankerTraining {
  /** Each is left out in turn; the final model learns from all. */
  readonly training: readonly CandidateCollection[]
  /** Never learned from. */
  readonly testing: readonly CandidateCollection[]
  /** Features of a candidate. */
  readonly width: number
  /** Positions of features that give a good order by themselves. */
  readonly anchors: readonly number[]
  readonly seed: number
  readonly onProgress?: (done: number, total: number) => void
}

export interface TrainedReranker {
  /** Trees only where they win on what was left out. */
  readonly scorer: RankingScorer
  readonly report: RerankerReport
}

/** Strong: judged collections differ more from each other than their questions do. */
const RIDGE = 3

type Models = Readonly<Record<'linear' | 'trees', RankingScorer>>

/** Deterministic: the same candidates and seed give the same bits. */
export function trainReranker({ training, testing, onProgress, ...setting }: RerankerTraining): TrainedReranker {
  const folds = training.length > 1 ? training : []
  const measured: LeftOutCollection[] = []
  const advance = (done: number): void => onProgress?.(done, folds.length + 1)
  for (const [at, left] of folds.entries()) {
    advance(at)
    const others = training.filter((collection) => collection !== left)
    measured.push(measure(left, trainBoth(others, setting), setting.width, 'left out'))
  }
  advance(folds.length)
  const models = trainBoth(training, setting)
  const tested = testing.map((collection) => measure(collection, models, setting.width, 'never trained on'))
  advance(folds.length + 1)
  const report = reportOn([...measured, ...tested], setting.seed)
  return { scorer: models[report.chosen], report }
}

function trainBoth(
  collections: readonly CandidateCollection[],
  { width, anchors, seed }: Pick<RerankerTraining, 'width' | 'anchors' | 'seed'>,
): Models {
  const queries = collections.flatMap((collection) => collection.queries)
  return {
    linear: trainLinear(queries, width, { ridge: RIDGE, anchors }),
    trees: trainTrees(
      queries.filter((query) => !stopsTraining(query)),
      queries.filter(stopsTraining),
      width,
      TREE_TRAINING,
      createSeededRandom(seed),
    ).model,
  }
}

/** A fifth of the questions, by the hash of their ids, tells when more trees no longer help. */
function stopsTraining({ id }: JudgedCandidates): boolean {
  return Number.parseInt(contentHash(id).slice(0, 4), 16) % 5 === 0
}

function measure(
  { name, queries }: CandidateCollection,
  models: Models,
  width: number,
  role: LeftOutCollection['role'],
): LeftOutCollection {
  const scorers = { linear: createScorer(models.linear, width), trees: createScorer(models.trees, width) }
  const scoresBy = (rival: Rival): readonly number[] =>
    queries.map((query) => {
      const scores = rival === 'linear' || rival === 'trees' ? scorers[rival].score(query.features) : query.baselines[rival]
      return ndcgOfScores(query, scores ?? new Float64Array())
    })
  return {
    name,
    role,
    ndcg: { none: scoresBy('none'), proximity: scoresBy('proximity'), linear: scoresBy('linear'), trees: scoresBy('trees') },
  }
}
