/** Every scorer. To add one: its file, its test, an import and a line here. */
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { abstentionScorer } from './abstention-scorer.ts'
import { bleuScorer } from './bleu-scorer.ts'
import { chrfScorer } from './chrf-scorer.ts'
import { citationsScorer } from './citations-scorer.ts'
import { classificationScorer } from './classification-scorer.ts'
import { commandScorer } from './command-scorer.ts'
import { containsScorer } from './contains-scorer.ts'
import { exactScorer } from './exact-scorer.ts'
import { factsScorer } from './facts-scorer.ts'
import { fieldF1Scorer } from './field-f1-scorer.ts'
import { groundednessScorer } from './groundedness-scorer.ts'
import { jsonSchemaScorer } from './json-schema-scorer.ts'
import { leakScorer } from './leak-scorer.ts'
import { modelRubricScorer } from './model-rubric-scorer.ts'
import { moduleScorer } from './module-scorer.ts'
import { nuggetsScorer } from './nuggets-scorer.ts'
import { numericScorer } from './numeric-scorer.ts'
import { regexScorer } from './regex-scorer.ts'
import { retrievalScorer } from './retrieval-scorer.ts'
import { rougeScorer } from './rouge-scorer.ts'

export const scorerCatalog: readonly ScorerExtension[] = [
  factsScorer,
  leakScorer,
  abstentionScorer,
  exactScorer,
  containsScorer,
  regexScorer,
  numericScorer,
  jsonSchemaScorer,
  fieldF1Scorer,
  classificationScorer,
  rougeScorer,
  bleuScorer,
  chrfScorer,
  retrievalScorer,
  citationsScorer,
  groundednessScorer,
  nuggetsScorer,
  commandScorer,
  moduleScorer,
  modelRubricScorer,
]
