/** Every scorer. To add one: its file, its test, an import and a line here. */
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { factsScorer } from './facts-scorer.ts'
import { leakScorer } from './leak-scorer.ts'

export const scorerCatalog: readonly ScorerExtension[] = [factsScorer, leakScorer]
