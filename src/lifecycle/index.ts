/** Public entry `touchstone/lifecycle`: golden sets, evaluation and releases. Code inside the program imports the single files. */
export { loadDataset, type Dataset } from './evaluation/datasets/load-dataset.ts'
export type { CaseResult } from './evaluation/case-result.ts'
export { runEvaluation, type EvaluationOptions, type EvaluationRun } from './evaluation/run-evaluation.ts'
export { scorerCatalog } from './evaluation/scorers/catalog.ts'
export { factsScorer } from './evaluation/scorers/facts-scorer.ts'
export { leakScorer } from './evaluation/scorers/leak-scorer.ts'
export type { SliceTable } from './evaluation/summarise-results.ts'
export { createStaticReleaseResolver, hashManifest } from './registry/release-registry.ts'
