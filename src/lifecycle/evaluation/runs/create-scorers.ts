/** The scorers of a run, and how its manifest names them. Knows checks; knows no scorer by what it measures. */
import type { CaseCheck, Scorer, ScorerParts } from '../../../contracts/evaluation.ts'
import { canonicalJson } from '../../../foundation/hashing/content-hash.ts'
import { scorerCatalog } from '../scorers/catalog.ts'
import { createSuiteScorers, type ScoredSuite } from '../scorers/suite-scorers.ts'

export interface NamedScorer extends CaseCheck {
  readonly version: number
}

export interface RunScorers {
  readonly scorers: readonly Scorer[]
  readonly named: readonly NamedScorer[]
}

/** @throws TouchstoneError CONFIG_INVALID for options that a scorer refuses */
export function createScorers(suite: ScoredSuite, parts: ScorerParts): RunScorers {
  const written = ['facts', 'leak'].map((scorer): CaseCheck => ({ scorer, options: {} }))
  const checks = [...written, ...suite.scorers, ...suite.cases.flatMap(({ checks: own = [] }) => own)]
  const distinct = new Map(checks.map((check) => [canonicalJson(check), check]))
  const versionOf = (id: string): number => scorerCatalog.find((each) => each.id === id)?.version ?? 0
  return {
    scorers: createSuiteScorers(suite, parts),
    named: [...distinct.values()].map((check) => ({ ...check, version: versionOf(check.scorer) })),
  }
}
