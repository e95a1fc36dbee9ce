/** One question after it was answered: right or not, how sure, and at which stage it was lost. Knows cases; draws and counts nothing. */
import type { EvaluationCase } from '../../src/contracts/evaluation.ts'
import { contentHash } from '../../src/foundation/hashing/content-hash.ts'
import type { CaseResult } from '../../src/lifecycle/evaluation/case-result.ts'
import { factsScorer } from '../../src/lifecycle/evaluation/scorers/facts-scorer.ts'
import { comparableText, says } from '../../src/lifecycle/evaluation/scorers/said-text.ts'
import { plainScorerParts } from '../../src/testing/scorer-parts.ts'
import type { Probe } from './answer-probe.ts'
import type { Judged } from './risk-coverage.ts'

/** Who tunes looks at `dev` only. */
export type Split = 'dev' | 'test'

/** Where an answerable question was lost; `right` when it was not. */
export type Stage = 'right' | 'not retrieved' | 'withheld' | 'something else said'

export interface JudgedCase extends Judged {
  readonly testCase: EvaluationCase
  readonly result: CaseResult
  readonly probe: Probe
  readonly split: Split
  readonly kind: string
  /** For answerable questions. */
  readonly stage?: Stage
  /** Every fact stands in passages of any page; and in those of the page that the case names. */
  readonly factsRetrieved: boolean
  readonly pageRetrieved: boolean
}

/** By the first byte of the id's content hash: even is dev. */
export function splitOf(id: string): Split {
  return Number.parseInt(contentHash(id).slice(0, 2), 16) % 2 === 0 ? 'dev' : 'test'
}

/** What was withheld is judged by what leads, so that the curve goes on below the product's own threshold. */
export async function judgeCase(testCase: EvaluationCase, result: CaseResult, probe: Probe): Promise<JudgedCase> {
  const { expect, document, id, slice } = testCase
  const answered = result.output?.abstained === false
  const withheldRight = !answered && !expect.abstain && (await isRight(testCase, probe.leading))
  const retrieved = probe.passages.map(({ text }) => comparableText(text)).join('\n')
  const factsRetrieved = expect.facts.every((fact) => fact.some((wording) => says(retrieved, comparableText(wording))))
  const right = result.scores['correct'] === 1
  const lost: Stage = !factsRetrieved ? 'not retrieved' : answered ? 'something else said' : 'withheld'
  return {
    testCase,
    result,
    probe,
    split: splitOf(id),
    kind: slice['kind'] ?? 'other',
    confidence: probe.confidence,
    right: right || withheldRight,
    ...(expect.abstain ? {} : { stage: right ? 'right' : lost }),
    factsRetrieved,
    pageRetrieved: probe.passages.some(({ path }) => path === document),
  }
}

async function isRight(testCase: EvaluationCase, text: string): Promise<boolean> {
  const scorer = factsScorer.create({}, plainScorerParts)
  const scores = await scorer.score(testCase, { text, abstained: false, cited: [], exposed: [] })
  return scores['correct'] === 1
}
