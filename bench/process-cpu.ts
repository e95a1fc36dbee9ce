/** CPU time of this process and of all its children that have ended. Says more than the wall clock where others work on the same cores. */
import { readFileSync } from 'node:fs'

/** Clock ticks of Linux a second, as every kernel that Node runs on reports them. */
const TICKS_PER_SECOND = 100

/** Seconds of user and system time so far; without /proc, of this process alone. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + endedChildrenSeconds()
}

function endedChildrenSeconds(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    // The name may hold spaces and brackets; the state is the first field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND
  } catch {
    return 0
  }
}
