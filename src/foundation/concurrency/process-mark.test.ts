/** A process that has ended is told from one that lives, and from another that was given its pid. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import { createRowLeases } from '../storage/row-leases.ts'
import { systemClock } from './clock.ts'
import { isProcessGone, processMark } from './process-mark.ts'

const skip = existsSync('/proc/self/ns/pid') ? false : 'no /proc: nothing is claimed here'

test('the mark of a living process is not gone, that of a killed one is [A1]', { skip }, async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const mark = processMark(child.pid!)
  assert.equal(isProcessGone(`host/${mark}/x`), false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(isProcessGone(`host/${mark}/x`), true)
})

test('a pid that lives again is another process; what cannot be told is not claimed [A1]', { skip }, () => {
  const mark = processMark(process.pid)
  const [pid, machine] = mark.split(/[@.]/)
  assert.equal(isProcessGone(`host/${mark}`), false)
  assert.equal(isProcessGone(`host/${pid}@${machine}.1`), true, 'the pid was given out again')
  assert.equal(isProcessGone(`host/999999999@${machine}.1`), true)
  assert.equal(isProcessGone(`host/999999999@${'0'.repeat(16)}.1`), false, 'another machine, boot, container or user')
  for (const text of ['host/999999999', '', 'a', 'host/x@y.z']) assert.equal(isProcessGone(text), false, text)
})

test('the lease of a killed process is taken over at once, by one only [A1]', { skip }, async (t) => {
  const state = await openSqliteState(':memory:')
  t.after(() => state.destroy())
  const leases = createRowLeases(state, systemClock)
  const machine = processMark(process.pid).split(/[@.]/)[1]
  const dead = `host/999999999@${machine}.1/a`
  const release = async (owner: string): Promise<void> => {
    const lease = await leases.acquire('ingest', owner)
    assert('release' in lease)
    await lease.release()
  }
  await release('host/1/first')
  await state
    .insertInto('leases')
    .values({ name: 'ingest', owner: dead, expires_at: systemClock.now() + 15_000 })
    .execute()
  const contenders = await Promise.all(['a', 'b', 'c'].map((id) => leases.acquire('ingest', id)))
  const winners = contenders.filter((contender) => 'release' in contender)
  assert.equal(winners.length, 1)
  for (const winner of winners) await winner.release()
  const living = `host/${processMark(process.pid)}/b`
  await state
    .insertInto('leases')
    .values({ name: 'ingest', owner: living, expires_at: systemClock.now() + 15_000 })
    .execute()
  assert('heldBy' in (await leases.acquire('ingest', 'd')))
})
