/** Questions of employees to a real handbook: how many answers are right, wrong or withheld, and what confidence is worth. */
import { join } from 'node:path'
import { composeApplication } from '../../src/app/compose.ts'
import { loadDataset } from '../../src/lifecycle/evaluation/datasets/load-dataset.ts'
import { openAnswerProbe } from '../answers/answer-probe.ts'
import { reportAnswers } from '../answers/answer-report.ts'
import { judgeCase, type JudgedCase } from '../answers/judged-case.ts'
import { findHandbook, HANDBOOK_PAGES, handbookConfig } from '../real-handbook.ts'
import type { Bench, BenchReport, BenchSuite, Measure } from '../suite.ts'

const FEATURE = 'answers'
const CASES = 'bench/answers'

export const answers: BenchSuite = {
  name: 'answers',
  summary: `The questions of ${CASES} to ${HANDBOOK_PAGES}: right, wrong and withheld by kind, and risk over coverage.`,
  async run({ root, folder, note }: Bench): Promise<readonly Measure[] | BenchReport> {
    const pages = findHandbook(root)
    if (pages === undefined) {
      note(`skipped: ${HANDBOOK_PAGES} is not there`)
      return []
    }
    const dataDirectory = join(folder, 'state')
    const application = await composeApplication(handbookConfig(pages), { dataDirectory, log: note })
    const { signal } = new AbortController()
    try {
      note('Ingesting.')
      await application.ingest({ signal })
      note('Asking.')
      const suite = join(root, CASES)
      // The same code as `touchstone eval`.
      const { results } = await application.evaluate(suite, { feature: FEATURE, concurrency: 1, signal })
      note('Looking behind the answers.')
      const { cases } = await loadDataset(suite)
      const probe = await openAnswerProbe(application, dataDirectory, FEATURE)
      const judged: JudgedCase[] = []
      for (const [index, testCase] of cases.entries()) {
        const result = results[index]
        if (result?.id !== testCase.id || result.outcome !== 'scored') note(`${testCase.id} was ${result?.outcome ?? 'lost'}`)
        else judged.push(await judgeCase(testCase, result, await probe.examine(testCase.as, testCase.question)))
      }
      await probe.close()
      return reportAnswers(judged)
    } finally {
      await application.close()
    }
  },
}
