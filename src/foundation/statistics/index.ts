/** Public entry `touchstone/statistics`: intervals, tests, ranking metrics and distributions. Code inside the program imports the single files. */
export { betaProbability, betaQuantile } from './beta-distribution.ts'
export { bootstrapMeanInterval, type BootstrapOptions } from './bootstrap.ts'
export { scoreMeanInterval } from './mean-interval.ts'
export { normalQuantile } from './normal-distribution.ts'
export { pairedPermutationTest } from './permutation-test.ts'
export { clopperPearsonInterval, wilsonInterval, type Interval } from './proportion-intervals.ts'
export {
  averagePrecision,
  inTrecOrder,
  ndcg,
  recall,
  reciprocalRank,
  type Judgements,
  type ScoredDocument,
} from './ranking-metrics.ts'
export { rocArea } from './roc-area.ts'
export { createSeededRandom, type SeededRandom } from './seeded-random.ts'
