/** Where and of what a result was taken: enough to compare two rows, nothing that names a machine. */
import { execFileSync } from 'node:child_process'
import { availableParallelism, loadavg, totalmem } from 'node:os'

export interface RunFacts {
  /** ISO date. */
  readonly date: string
  /** Short hash, with `+` when files differ from it. */
  readonly commit: string
  readonly machine: string
  /** Processes that wanted a core over the last minute, before the run: above the number of cores, times say little. */
  readonly load: number
}

export function readRunFacts(root: string): RunFacts {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
  const memoryGb = Math.round(totalmem() / 2 ** 30)
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD') + (changed ? '+' : ''),
    machine: `${availableParallelism()} cores, ${memoryGb} GB, ${process.platform}-${process.arch}, Node ${process.versions.node}`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}
