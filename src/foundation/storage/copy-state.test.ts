/** A state copied between every pair of databases: all of it or nothing, proven, and able to go on. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { seededRandom } from '../../testing/seeded-random.ts'
import { stateKinds, type StateKind } from '../../../test/fixtures/states.ts'
import type { TenantId } from '../../contracts/identity.ts'
import { systemClock } from '../concurrency/clock.ts'
import { createAuditLog } from './audit-repository.ts'
import { copyState } from './copy-state.ts'
import { createConversationStore } from './conversation-repository.ts'
import type { StateDatabase, StateSchema } from './state-schema.ts'
import { stateTables } from './state-tables.data.ts'

const kinds = await stateKinds({ after })
const pairs = kinds.flatMap((from) => kinds.map((to) => [from, to] as const))
const tenant = 'main' as TenantId
const names = Object.keys(stateTables) as (keyof StateSchema)[]
const copied = names.filter((name) => stateTables[name].running !== true)

test('every table of a migrated state has its row, with the key that the database knows', async () => {
  for (const { name, open } of kinds) {
    const { db } = await open()
    const tables = (await db.introspection.getTables()).filter((table) => !table.name.startsWith('sqlite_'))
    assert.deepEqual(tables.map((table) => table.name).sort(), names.toSorted(), name)
    for (const table of tables) {
      const { key, growing = false } = stateTables[table.name as keyof StateSchema]
      const columns = new Map(table.columns.map((column) => [column.name, column]))
      assert(key.every((column) => columns.has(column)), `${name}: ${table.name}`) // prettier-ignore
      assert.equal(columns.get(key[0] ?? '')?.isAutoIncrementing, growing, `${name}: ${table.name}`)
    }
  }
})

const TEXTS = ['', 'a', 'Ä', 'z', '日本語', '𝒳', "it's", '"q"', '\\', 'a\tb\nc', '%', 'ß', 'Z']

/** Rows in every table, more than are read at once in some, by column name and type. */
async function fill(state: StateDatabase, rows: number): Promise<void> {
  await state.transaction().execute((db) => fillTables(db, rows))
}

async function fillTables(db: StateDatabase, rows: number): Promise<void> {
  const random = seededRandom(7)
  for (const table of await db.introspection.getTables()) {
    const known = stateTables[table.name as keyof StateSchema]
    if (known === undefined) continue
    for (let at = 0; at < rows; at++) {
      const values = table.columns
        .filter((column) => !column.isAutoIncrementing)
        .map(({ name, dataType, isNullable }) => {
          const isKey = known.key.includes(name) || ['hash', 'place'].includes(name)
          const type = dataType.toLowerCase()
          if (isNullable && at % 3 === 0) return [name, null]
          if (type.startsWith('blob') || type === 'bytea') return [name, Buffer.from([at % 256, 0, 255])]
          if (type === 'text')
            return [name, isKey ? `${TEXTS[at % TEXTS.length]}${at}` : TEXTS[Math.floor(random() * TEXTS.length)]]
          return [name, isKey ? at : Math.floor(random() * (/^(bigint|int8)$/.test(type) ? 4e15 : 2_000_000_000))]
        })
      await (db as never as { insertInto(name: string): { values(row: unknown): { execute(): Promise<unknown> } } })
        .insertInto(table.name)
        .values(Object.fromEntries(values))
        .execute()
    }
  }
}

async function contentOf(db: StateDatabase): Promise<unknown> {
  const content: [string, unknown][] = []
  for (const name of copied) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db)
    const plain = rows.map((row) => JSON.stringify(Object.entries(row).map(([key, value]) => [key, value instanceof Uint8Array ? [...value] : value]).sort())) // prettier-ignore
    content.push([name, plain.sort()])
  }
  return content
}

for (const [from, to] of pairs)
  test(`${from.name} to ${to.name}: everything arrives, and new rows get new ids [I4]`, async () => {
    const [{ db: source }, { db: target }] = [await from.open(), await to.open()]
    await fill(source, 45)
    // The last ids were given away and are gone: they must not be given again.
    await source.deleteFrom('scopes').where('id', '>', 40).execute()
    const seen: string[] = []
    const tables = await copyState(source, target, {
      onProgress: ({ phase, table, rows }) => void seen.push(`${phase} ${table} ${rows}`),
    })
    assert.deepEqual(await contentOf(target), await contentOf(source))
    assert.deepEqual(tables.map(({ name }) => name), copied) // prettier-ignore
    assert(tables.every(({ name, rows, hash }) => rows === (name === 'scopes' ? 40 : 45) && /^[0-9a-f]{64}$/.test(hash)))
    assert(seen.includes('copying blobs 40') && seen.includes('verifying audit 45'))
    assert.equal((await target.selectFrom('jobs').selectAll().execute()).length, 0, 'running work stays behind')
    for (const db of [source, target]) {
      const values = { tenant, source: 's', place: 'new', acl: null }
      assert.deepEqual({ ...(await db.insertInto('scopes').values(values).returning('id').executeTakeFirst()) }, { id: 46 })
    }
    assert.deepEqual(
      (await copyState(source, (await to.open()).db)).filter(({ name }) => name !== 'scopes').map(({ hash }) => hash),
      tables.filter(({ name }) => name !== 'scopes').map(({ hash }) => hash),
      'hashes are of the content alone',
    )
  })

const byName = (name: StateKind['name']): StateKind => kinds.find((kind) => kind.name === name)!

for (const to of kinds) {
  test(`a ${to.name} target that holds something is refused; replacing leaves nothing of it [I4]`, async () => {
    const [{ db: source }, { db: target }] = [await byName('SQLite').open(), await to.open()]
    await fill(source, 3)
    await createAuditLog(target, systemClock).append({ tenant, actor: 'user:a', action: 'b', target: 'c' })
    await target.insertInto('generations').values({ tenant, name: 'access', value: 1_000 }).execute()
    await assert.rejects(copyState(source, target), { code: 'STATE_NOT_EMPTY' })
    assert.equal((await target.selectFrom('users').selectAll().execute()).length, 0)
    await source.insertInto('generations').values({ tenant, name: 'access', value: 5 }).execute()
    await copyState(source, target, { replace: true })
    const content = (await contentOf(target)) as [string, unknown][]
    const expected = (await contentOf(source)) as [string, unknown][]
    assert.deepEqual(content.filter(([name]) => name !== 'generations'), expected.filter(([name]) => name !== 'generations')) // prettier-ignore
    const generation = await target
      .selectFrom('generations')
      .select('value')
      .where('tenant', '=', tenant)
      .executeTakeFirstOrThrow()
    assert.equal(generation.value, 1_005, 'whoever had it open sees that it is another')
  })

  test(`a copy to ${to.name} that is given up, or that differs, leaves the target as it was [I4]`, async () => {
    const [{ db: source }, { db: target }] = [await byName('SQLite').open(), await to.open()]
    await fill(source, 30)
    const giveUp = new AbortController()
    const onProgress = ({ table }: { table: string }): void => table === 'documents' ? giveUp.abort() : undefined // prettier-ignore
    await assert.rejects(copyState(source, target, { onProgress, signal: giveUp.signal }), { code: 'REQUEST_CANCELLED' })
    assert.equal((await target.selectFrom('users').selectAll().execute()).length, 0)
    const spoil =
      to.name === 'SQLite'
        ? [`create trigger spoil after insert on users when new.id = 'a1' begin update users set name = 'x' where id = 'a1'; end`]
        : [
            `create function spoil() returns trigger language plpgsql as $$ begin if new.id = 'a1' then new.name = 'x'; end if; return new; end $$`,
            'create trigger spoil before insert on users for each row execute function spoil()',
          ]
    for (const statement of spoil) await sql.raw(statement).execute(target)
    await assert.rejects(copyState(source, target), (error) => {
      assert.match(String(error), /STATE_COPY_DIFFERS|table users/)
      return true
    })
    assert.equal((await target.selectFrom('blobs').selectAll().execute()).length, 0)
  })
}

for (const from of kinds)
  test(`a copy from ${from.name} is of one moment, while others write [I4]`, async () => {
    const place = await from.place()
    const [{ db: source }, { db: writer }, { db: target }] = [
      await place.open(),
      await place.open(),
      await byName('PostgreSQL').open(),
    ]
    await fill(source, 30)
    const conversations = createConversationStore(writer, systemClock)
    const audit = createAuditLog(writer, systemClock)
    let writing: Promise<unknown> = Promise.resolve()
    const onProgress = (): void => {
      writing = writing.then(async () => {
        await conversations.append('c' as never, { tenant, user: 'u' }, 'f', {
          question: '',
          standalone: '',
          answer: '',
          documents: [],
        })
        await audit.append({ tenant, actor: 'user:a', action: 'b', target: 'c' })
      })
    }
    const tables = await copyState(source, target, { onProgress })
    await writing
    assert(tables.every(({ rows }) => rows === 30), 'what came later is not in it') // prettier-ignore
    assert((await source.selectFrom('audit').selectAll().execute()).length > 30)
  })
