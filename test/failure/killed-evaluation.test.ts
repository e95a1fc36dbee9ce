/** An evaluation killed at any moment: what was recorded stays and is never paid again; the resumed run is whole. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRun } from '../../src/lifecycle/evaluation/runs/read-run.ts'
import { ended, parsed, start, touchstone } from '../fixtures/command-line.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const KILLS = Number(process.env['TOUCHSTONE_KILLS'] ?? 4)
const CASES = 120
const CONCURRENCY = 8

test(
  `${KILLS} kills of an evaluation lose no record and pay no recorded case twice [E2]`,
  { timeout: 30_000 + KILLS * 10_000 },
  async (t) => {
    const paid = new Map<string, number>()
    let onPaid = (): void => {}
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (data: Buffer) => (body += data.toString()))
      request.on('end', () => {
        const { case: id } = JSON.parse(body) as { case: string }
        paid.set(id, (paid.get(id) ?? 0) + 1)
        onPaid()
        setTimeout(() => response.setHeader('content-type', 'application/json').end('{"text":"said"}'), 5)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    t.after(() => server.closeAllConnections())
    const cases = Array.from({ length: CASES }, (_, at) => ({
      id: `c${at}`,
      as: 'a',
      question: 'q',
      expect: { facts: ['said'] },
    }))
    const folder = await temporaryFolder(t, { 'suite.jsonl': cases.map((each) => JSON.stringify(each)).join('\n') })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const args = ['eval', 'suite.jsonl', '--target', url, '--resume', '--json', '--concurrency', String(CONCURRENCY)]
    const recorded = new Set<string>()
    let allowed = CASES
    for (let kill = 0; kill < KILLS; kill++) {
      const before = [...paid.values()].reduce((sum, count) => sum + count, 0)
      const share = 10 + Math.floor((Math.random() * CASES) / KILLS)
      const child = start(args, { cwd: folder })
      let seen = 0
      onPaid = () => void (++seen === share && child.kill('SIGKILL'))
      await ended(child)
      assert.ok([...paid.values()].reduce((sum, count) => sum + count, 0) > before, 'nothing was asked: the kill proves nothing')
      const names = readdirSync(join(folder, '.touchstone/evaluations'))
      assert.equal(names.length, 1, 'a killed run was not gone on with')
      const run = await readRun(join(folder, '.touchstone/evaluations', names[0]!))
      const now = new Set(run.records.map((record) => record.case))
      for (const id of recorded) assert.ok(now.has(id), `kill ${kill}: the record of ${id} is lost`)
      for (const id of now) recorded.add(id)
      // What was in flight when the kill came, and what waited for its line, may be asked once more.
      allowed += CONCURRENCY * 2
    }
    const paidBefore = new Map([...recorded].map((id) => [id, paid.get(id)]))
    const outcome = await touchstone(args, { cwd: folder })
    const report = parsed<{ cases: Record<string, number> }>(outcome)
    assert.equal(outcome.code, 0, outcome.stderr)
    assert.deepEqual(report.cases, { planned: CASES, scored: CASES, failed: 0, errored: 0, unscored: 0, skipped: 0 })
    for (const [id, count] of paidBefore) assert.equal(paid.get(id), count, `${id} had a record and was paid again`)
    const total = [...paid.values()].reduce((sum, count) => sum + count, 0)
    t.diagnostic(`${total} calls for ${CASES} cases after ${KILLS} kills`)
    assert.ok(total <= allowed, `${total} calls`)
  },
)
