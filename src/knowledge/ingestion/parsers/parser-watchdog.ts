/**
 * A thread of the parser process that watches its memory and its parent, whatever the main thread is busy with:
 * resident memory counts buffers, which no heap limit does, and a busy main thread never sees its parent die.
 */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { ALIVE, OVER_MEMORY, WATCHDOG_FD } from './parser-messages.ts'

const SAMPLE_MS = 20
const SAMPLES_PER_SIGN = 25

const { limitBytes } = workerData as { readonly limitBytes: number }
const pause = new Int32Array(new SharedArrayBuffer(4))

for (let sample = 0; ; sample++) {
  Atomics.wait(pause, 0, 0, SAMPLE_MS)
  if (process.memoryUsage.rss() > limitBytes) die(OVER_MEMORY)
  if (sample % SAMPLES_PER_SIGN === 0) say(ALIVE)
}

function die(reason: string): never {
  say(reason)
  process.kill(process.pid, 'SIGKILL')
  throw new RangeError('the process is being killed')
}

function say(word: string): void {
  try {
    writeSync(WATCHDOG_FD, word)
  } catch (error) {
    // A full pipe means a busy parent; any other failure means none.
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return
    process.kill(process.pid, 'SIGKILL')
  }
}
