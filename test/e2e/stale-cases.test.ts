/** A right that is taken away between two evaluations makes its case stale; it does not make the candidate look worse. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parsed, touchstone } from '../fixtures/command-line.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const FILES = {
  'docs/leave.md': '# Leave\n\nEverybody has 25 days of leave each year.\n',
  'docs/toner.md': '# Printers\n\nToner is kept in the cupboard beside the lift.\n',
  'cases.yaml': JSON.stringify([
    { id: 'leave', as: 'ann', question: 'How many days of leave?', expect: { facts: ['25 days'] }, document: 'leave.md' },
    { id: 'toner', as: 'ann', question: 'Where is toner kept?', expect: { facts: ['cupboard'] }, document: 'toner.md' },
  ]),
}
const config = (readers: string[]): string =>
  `export default ${JSON.stringify({
    sources: {
      docs: {
        kind: 'folder',
        path: 'docs',
        access: [
          { path: 'toner.md', readers: ['everyone'] },
          { path: 'leave.md', readers },
        ],
      },
    },
    access: { users: { ann: {}, ben: {} } },
    index: { embedding: null },
  })}\n`

test(
  'an evaluation after a right was taken away: stale, with the cure, and not failed [E1, E5]',
  { timeout: 120_000 },
  async (t) => {
    const cwd = await temporaryFolder(t, FILES)
    const run = (...args: string[]): ReturnType<typeof touchstone> =>
      touchstone([...args, ...(args[0] === 'gate' ? [] : ['--config', 'touchstone.config.mjs'])], { cwd })
    const evaluate = async (readers: string[], out: string): Promise<void> => {
      await writeFile(join(cwd, 'touchstone.config.mjs'), config(readers))
      assert.equal((await run('ingest')).code, 0)
      const ended = await run('eval', 'cases.yaml', '--out', out, '--json')
      assert.equal((parsed(ended) as { cases: { scored: number } }).cases.scored, 2, ended.stderr)
    }
    await evaluate(['user:ann'], 'before')
    await evaluate(['user:ben'], 'after')
    const gated = await run('gate', 'before', 'after')
    assert.equal(gated.code, 2, gated.stdout)
    assert.match(
      gated.stdout,
      /1 of 2 cases are stale, since their askers may read something else now \(leave\); run the baseline again/,
    )
    await evaluate(['user:ben'], 'again')
    assert.doesNotMatch((await run('gate', 'after', 'again')).stdout, /stale/)
  },
)
