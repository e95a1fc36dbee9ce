/** Puts golden sets to this product: the one place where evaluation's system under test is Touchstone itself. */
import type { CallerIdentity } from '../contracts/asker.ts'
import type { Answer } from '../contracts/answer.ts'
import type { EvaluationCase, SystemOutput, SystemUnderTest } from '../contracts/evaluation.ts'
import type { ConversationId } from '../contracts/identity.ts'
import { isTouchstoneError, TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { runEvaluation, type EvaluationRun } from '../lifecycle/evaluation/run-evaluation.ts'
import { foldAnswer } from '../serving/fold-answer.ts'
import type { Application } from './application.ts'
import { composeScorerParts } from './compose-scorers.ts'
import type { Serving } from './compose-serving.ts'
import type { Foundation } from './composition.ts'

export interface EvaluateOptions {
  readonly feature: string
  readonly concurrency: number
  readonly onProgress?: (done: number, total: number) => void
  readonly signal: AbortSignal
}

export interface Evaluation {
  /** @throws TouchstoneError DATASET_INVALID */
  evaluate(suite: string, options: EvaluateOptions): Promise<EvaluationRun>
}

export function composeEvaluation(foundation: Foundation, serving: Pick<Serving, 'answer' | 'model'>): Evaluation {
  return {
    evaluate: async (suite, options) => {
      // Its readers of YAML and CSV are 10 MB that a server need not hold.
      const [{ loadDataset }, { selectSplit }, { createSuiteScorers }] = await Promise.all([
        import('../lifecycle/evaluation/datasets/load-dataset.ts'),
        import('../lifecycle/evaluation/datasets/holdout.ts'),
        import('../lifecycle/evaluation/scorers/suite-scorers.ts'),
      ])
      const dataset = await loadDataset(suite)
      const system = createSystem(foundation, serving, options.feature)
      const scorers = createSuiteScorers(dataset, composeScorerParts(suite, serving.model))
      const { concurrency, signal, onProgress } = options
      return runEvaluation(await selectSplit(dataset, undefined), system, scorers, {
        concurrency,
        signal,
        clock: foundation.clock,
        newRunId: () => foundation.ids.next(foundation.clock.now()),
        ...(onProgress === undefined ? {} : { onProgress }),
      })
    },
  }
}

function createSystem(foundation: Foundation, serving: Pick<Application, 'answer'>, feature: string): SystemUnderTest {
  return {
    id: `feature:${feature}`,
    run: async (testCase, signal) => {
      // Nobody may read nothing: such a case would pass as rightly withheld.
      if (testCase.as === '') {
        const problems = `  case ${testCase.id}: \`as\` is missing; this system answers people by what they may read`
        throw new TouchstoneError('DATASET_INVALID', { details: { path: 'of cases', count: 1, problems } })
      }
      const caller = { tenant: foundation.tenant, user: testCase.as }
      try {
        return toOutput(await answerCase(testCase, caller, foundation, serving, feature, signal))
      } catch (error) {
        // Whoever may not ask gets nothing: for a case that expects that, it is the right outcome.
        if (!isTouchstoneError(error, 'USER_DISABLED') && !isTouchstoneError(error, 'USER_UNKNOWN')) throw error
        return { text: error.message, abstained: true, cited: [], exposed: [error.message] }
      }
    },
  }
}

async function answerCase(
  testCase: EvaluationCase,
  caller: CallerIdentity,
  foundation: Foundation,
  serving: Pick<Application, 'answer'>,
  feature: string,
  signal: AbortSignal,
): Promise<Answer> {
  const conversation = `eval-${foundation.ids.next(foundation.clock.now())}` as ConversationId
  const remembered = testCase.history.length === 0 ? {} : { conversation }
  for (const question of testCase.history) await foldAnswer(serving.answer({ caller, feature, question, signal, ...remembered }))
  return foldAnswer(serving.answer({ caller, feature, question: testCase.question, signal, ...remembered }))
}

function toOutput(answer: Answer): SystemOutput {
  const citations = answer.sentences.flatMap((sentence) => sentence.citations)
  return {
    text: answer.text,
    abstained: answer.abstained,
    cited: [...new Set(citations.map((citation) => citation.document))],
    exposed: [answer.text, ...citations.flatMap((citation) => [citation.quote, citation.title, citation.document])],
  }
}
