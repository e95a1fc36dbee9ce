/** How long the whole test suite takes. */
import { runChild } from '../child-run.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

export const testSuite: BenchSuite = {
  name: 'suite',
  summary: '`npm test`, wall time; fails when a test does.',
  async run({ root, note }: Bench): Promise<readonly Measure[]> {
    note('npm test')
    const { seconds } = await runChild('npm', ['test'], { cwd: root })
    return [{ name: 'npm test', unit: 's', samples: [seconds], target: { of: 'max', below: 300 } }]
  },
}
