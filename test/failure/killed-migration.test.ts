/** A migration killed at any moment: the state opens, is of the newest schema, and holds what it held. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openSqliteState } from '../../src/adapters/sqlite/open-sqlite-state.ts'
import type { TenantId } from '../../src/contracts/identity.ts'
import { createPrincipalDirectory } from '../../src/foundation/access/principal-directory.ts'
import { ended, startScript } from '../fixtures/command-line.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const KILLS = Number(process.env['TOUCHSTONE_KILLS'] ?? 8)
const TENANT = 'main' as TenantId
const PEOPLE = Array.from({ length: 200 }, (_, number) => ({
  id: `person-${number}`,
  name: `Person ${number}`,
  groups: [`group-${number % 7}`],
  disabled: number % 5 === 0,
}))

test(
  `${KILLS} kills during migrations, back and forth: the state is whole [H4, I4]`,
  { timeout: 60_000 + KILLS * 5_000 },
  async (t) => {
    const path = join(await temporaryFolder(t), 'state.sqlite')
    const first = await openSqliteState(path)
    await createPrincipalDirectory(first).replaceAll(TENANT, 'api', PEOPLE, [])
    await first.destroy()
    let rounds = 0
    for (let kill = 0; kill < KILLS; kill++) {
      rounds += await migrateAndKill(path, Math.random() * 60)
      const db = await openSqliteState(path)
      try {
        const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db)
        assert.equal(rows[0]?.integrity_check, 'ok')
        const people = await createPrincipalDirectory(db).users(TENANT)
        assert.deepEqual(people.toSorted(byId), PEOPLE.toSorted(byId))
      } finally {
        await db.destroy()
      }
    }
    t.diagnostic(`${rounds} rounds under ${KILLS} kills`)
  },
)

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1
}

/** @returns how many rounds it had ended */
async function migrateAndKill(path: string, delayMs: number): Promise<number> {
  const child = startScript('migration-process', path)
  let rounds = 0
  let timer: NodeJS.Timeout | undefined
  try {
    child.stdout.on('data', (data: Buffer) => {
      rounds += data.toString().split('\n').length - 1
      timer ??= setTimeout(() => child.kill('SIGKILL'), delayMs)
    })
    await once(child, 'close')
    return rounds
  } finally {
    clearTimeout(timer)
    await ended(child, 'SIGKILL')
  }
}
