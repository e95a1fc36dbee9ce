/** How long a person waits for the command line, each time in a fresh process. */
import { join } from 'node:path'
import { runTouchstone } from '../child-run.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

const RUNS = 9
const QUESTION = ['ask', 'How many days of annual leave do I get?', '--as', 'maria']

export const startup: BenchSuite = {
  name: 'startup',
  summary: 'Fresh processes: `--help`, and a question to an index that is there.',
  async run({ root, folder, note }: Bench): Promise<readonly Measure[]> {
    const data = join(folder, 'state')
    note('Ingesting the sample company.')
    const first = await runTouchstone(root, [...QUESTION, '--data', data])
    const help: number[] = []
    const answers: number[] = []
    const inside: number[] = []
    // The first answer above and this --help also fill the compile cache, as a second start of any user finds it.
    await runTouchstone(root, ['--help'])
    for (let run = 0; run < RUNS; run++) {
      help.push((await runTouchstone(root, ['--help'])).seconds)
      const answer = await runTouchstone(root, [...QUESTION, '--json', '--data', data])
      answers.push(answer.seconds)
      const { timingsMs } = JSON.parse(answer.stdout) as { readonly timingsMs: { readonly total: number } }
      inside.push(timingsMs.total / 1_000)
    }
    return [
      { name: '--help', unit: 's', samples: help, target: { of: 'median', below: 0.2 } },
      { name: 'warm start to first answer', unit: 's', samples: answers, target: { of: 'median', below: 1.5 } },
      { name: 'of which answering', unit: 's', samples: inside },
      { name: 'first start: ingest 75 documents and answer', unit: 's', samples: [first.seconds] },
    ]
  },
}
