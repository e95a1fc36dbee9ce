/** Which process this is, so that another one of the same machine can tell whether it has ended. Where that cannot be told, says nothing. */
import { readFileSync, readlinkSync } from 'node:fs'
import { contentHash } from '../hashing/content-hash.ts'

/**
 * @returns `PID@MACHINE.START`, on Linux; the plain pid elsewhere. MACHINE stands for this boot, this process namespace and this
 * user: the same pid means another process in another container, and a process of another user may be invisible.
 */
export function processMark(pid: number): string {
  const started = startOf(pid)
  const machine = machineMark()
  return machine === undefined || !/^\d+$/.test(started) ? String(pid) : `${pid}@${machine}.${started}`
}

/** Whether the process of a mark that stands in this text is certainly gone; a pid that was given out again is another process. */
export function isProcessGone(text: string): boolean {
  const [, pid, machine, started] = /(\d+)@([0-9a-f]{16})\.(\d+)/.exec(text) ?? []
  if (pid === undefined || machine !== machineMark()) return false
  const now = startOf(Number(pid))
  return now === 'none' || (now !== 'unknown' && now !== started)
}

/** @returns clock ticks since the boot; `none` when there is no such process, or only what its parent has not yet buried */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; the state is the third field, the start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? 'none' : (fields[19] ?? 'unknown')
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH') ? 'none' : 'unknown'
  }
}

function machineMark(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
    return contentHash(boot, readlinkSync('/proc/self/ns/pid'), String(process.getuid?.())).slice(0, 16)
  } catch {
    return undefined
  }
}
