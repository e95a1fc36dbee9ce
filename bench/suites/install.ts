/** What a stranger waits and pays for: `npm ci` in a fresh clone, with an empty npm cache. Needs the network. */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from '../child-run.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

export const install: BenchSuite = {
  name: 'install',
  summary: '`npm ci` in a fresh clone of HEAD with an empty npm cache: time, and size of node_modules.',
  async run({ root, folder, note }: Bench): Promise<readonly Measure[]> {
    const clone = join(folder, 'clone')
    await runChild('git', ['clone', '--quiet', root, clone], { cwd: folder })
    note('npm ci')
    const env = { ...process.env, HOME: folder, npm_config_cache: join(folder, 'npm-cache') }
    const { seconds } = await runChild('npm', ['ci'], { cwd: clone, env })
    return [
      { name: 'npm ci', unit: 's', samples: [seconds], target: { of: 'max', below: 90 } },
      {
        name: 'node_modules on disk',
        unit: 'MB',
        samples: [diskBytes(join(clone, 'node_modules')) / 1e6],
        target: { of: 'max', below: 800 },
      },
    ]
  },
}

function diskBytes(path: string): number {
  const stats = lstatSync(path)
  const own = stats.blocks * 512
  if (!stats.isDirectory()) return own
  return readdirSync(path).reduce((sum, name) => sum + diskBytes(join(path, name)), own)
}
