/** Cases, the system they are put to, and scorers. Evaluation sees only a SystemUnderTest, so that any system can be measured alike. */
import type { Extension } from './extension.ts'

export interface CaseExpectation {
  /** Every entry must be found in the answer; an entry lists acceptable alternatives. */
  readonly facts: readonly (readonly string[])[]
  /** Texts that make an answer wrong, e.g. a superseded amount. */
  readonly not: readonly string[]
  readonly abstain: boolean
}

export interface EvaluationCase {
  readonly id: string
  readonly as: string
  readonly question: string
  /** Earlier questions of the conversation, oldest first. */
  readonly history: readonly string[]
  readonly expect: CaseExpectation
  /** Texts whose appearance would be a leak for this asker. */
  readonly never: readonly string[]
  /** Path of the document that holds the answer, for those who read the case. */
  readonly document?: string
  readonly slice: Readonly<Record<string, string>>
}

/** What a system gave back; `cited` are documents, `exposed` every text that reached the asker. */
export interface SystemOutput {
  readonly text: string
  readonly abstained: boolean
  readonly cited: readonly string[]
  readonly exposed: readonly string[]
}

export interface SystemUnderTest {
  readonly id: string
  run(testCase: EvaluationCase, signal: AbortSignal): Promise<SystemOutput>
}

/** 0..1 per metric; a metric that does not apply to the case is left out. */
export type Scores = Readonly<Record<string, number>>

export interface Scorer {
  score(testCase: EvaluationCase, output: SystemOutput): Promise<Scores>
  /** What a case counts that the system itself ended with an error. Absent: the metrics do not apply to it. */
  scoreFailure?(testCase: EvaluationCase): Scores
}

export type ScorerExtension<Options = unknown> = Extension<Options, Record<string, never>, Scorer>

export interface MetricEstimate {
  readonly value: number
  readonly lower: number
  readonly upper: number
  readonly n: number
}

export interface EvaluationReport {
  readonly run: string
  readonly cases: {
    readonly planned: number
    readonly scored: number
    readonly failed: number
    readonly errored: number
    readonly unscored: number
    readonly skipped: number
  }
  readonly metrics: Readonly<Record<string, MetricEstimate>>
}
