/** Copies a whole state into another database and proves that it arrived. Knows tables and their keys; knows neither leases nor places. */
import { inPieces } from './in-pieces.ts'
import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import type { GenerationName } from './generations.ts'
import { dialectOf, readSnapshot } from './state-dialect.ts'
import type { StateDatabase, StateSchema } from './state-schema.ts'
import { stateTables, type StateTable } from './state-tables.data.ts'

export interface CopyOptions {
  /** Removes what the target holds; otherwise a target that holds anything is refused. */
  readonly replace?: boolean
  readonly onProgress?: (progress: CopyProgress) => void
  readonly signal?: AbortSignal
}

export interface CopyProgress {
  readonly phase: 'copying' | 'verifying'
  readonly table: string
  readonly rows: number
}

export interface CopiedTable {
  readonly name: string
  readonly rows: number
  /** SHA-256 over all rows, whatever their order; the same on both sides. */
  readonly hash: string
}

const ROWS_AT_ONCE = 500
/** Both databases take more parameters than this in one statement. */
const MOST_PARAMETERS = 20_000

type TableName = keyof StateSchema
type Row = Readonly<Record<string, unknown>>
type AnyDatabase = Kysely<Record<string, Record<string, unknown>>>

/**
 * Reads one moment of the source, holding up nobody who writes there, and writes the target in one transaction: it has everything
 * or, after an error or a kill, what it had before. Each table is read back from the target and compared before that commits.
 * What belongs to running processes (jobs, leases) stays behind; growing keys go on above the last number given away.
 * @throws TouchstoneError STATE_NOT_EMPTY, STATE_COPY_DIFFERS, REQUEST_CANCELLED, STATE_*
 */
export async function copyState(
  from: StateDatabase,
  to: StateDatabase,
  options: CopyOptions = {},
): Promise<readonly CopiedTable[]> {
  return readSnapshot(from, (source) =>
    to.transaction().execute(async (target) => {
      const before = await highestGeneration(target)
      await emptyTarget(target, options.replace === true)
      const copied: CopiedTable[] = []
      for (const name of copiedTables()) copied.push(await copyTable(source, target, name, options))
      for (const table of copied) await verifyTable(target, table, options)
      await raiseAbove(target, before)
      return copied
    }),
  )
}

function copiedTables(): TableName[] {
  const names = Object.keys(stateTables) as TableName[]
  return names.filter((name) => stateTables[name].running !== true)
}

const COUNTS: readonly GenerationName[] = ['access', 'index']

async function highestGeneration(target: StateDatabase): Promise<number> {
  const found = await target
    .selectFrom('generations')
    .select(({ fn }) => fn.max('value').as('value'))
    .where('name', 'in', COUNTS)
    .executeTakeFirst()
  return found?.value ?? 0
}

/** Processes that had the replaced state open must not take an old count for a new one. */
async function raiseAbove(target: StateDatabase, before: number): Promise<void> {
  if (before === 0) return
  await target
    .updateTable('generations')
    .set((row) => ({ value: row('value', '+', before) }))
    .where('name', 'in', COUNTS)
    .execute()
}

async function emptyTarget(target: StateDatabase, replace: boolean): Promise<void> {
  for (const name of copiedTables()) {
    if (replace) await untyped(target).deleteFrom(name).execute()
    else if ((await readBatch(target, name, undefined, 1)).length > 0)
      throw new TouchstoneError('STATE_NOT_EMPTY', { details: { table: name } })
  }
}

async function copyTable(
  source: StateDatabase,
  target: StateDatabase,
  name: TableName,
  options: CopyOptions,
): Promise<CopiedTable> {
  const sum = createRowSum()
  for await (const rows of readTable(source, name, options)) {
    const columns = Object.keys(rows[0] ?? {}).length
    const atOnce = Math.floor(MOST_PARAMETERS / columns)
    for (const some of inPieces(rows, atOnce)) await untyped(target).insertInto(name).values(some).execute()
    for (const row of rows) sum.add(row)
    options.onProgress?.({ phase: 'copying', table: name, rows: sum.rows() })
  }
  if (stateTables[name].growing === true)
    await dialectOf(target).growAfter(target, name, await dialectOf(source).lastGrown(source, name))
  return { name, rows: sum.rows(), hash: sum.hash() }
}

/** @throws TouchstoneError STATE_COPY_DIFFERS */
async function verifyTable(target: StateDatabase, expected: CopiedTable, options: CopyOptions): Promise<void> {
  const sum = createRowSum()
  for await (const rows of readTable(target, expected.name as TableName, options)) {
    for (const row of rows) sum.add(row)
    options.onProgress?.({ phase: 'verifying', table: expected.name, rows: sum.rows() })
  }
  if (sum.rows() === expected.rows && sum.hash() === expected.hash) return
  const details = { table: expected.name, expected: expected.rows, found: sum.rows() }
  throw new TouchstoneError('STATE_COPY_DIFFERS', { details })
}

async function* readTable(db: StateDatabase, name: TableName, { signal }: CopyOptions): AsyncGenerator<readonly Row[]> {
  const { key, rowsAtOnce = ROWS_AT_ONCE }: StateTable = stateTables[name]
  let last: Row | undefined
  for (;;) {
    if (signal?.aborted === true) throw new TouchstoneError('REQUEST_CANCELLED', { cause: signal.reason })
    const rows = await readBatch(db, name, last && key.map((column) => last?.[column]), rowsAtOnce)
    if (rows.length > 0) yield rows
    if (rows.length < rowsAtOnce) return
    last = rows.at(-1)
  }
}

/** The rows that follow a key, in the order of the key. */
async function readBatch(
  db: StateDatabase,
  name: TableName,
  after: readonly unknown[] | undefined,
  limit: number,
): Promise<readonly Row[]> {
  const { key } = stateTables[name]
  let query = untyped(db).selectFrom(name).selectAll()
  if (after !== undefined) {
    const columns = sql.join(key.map((column) => sql.ref(column)))
    query = query.where(sql<boolean>`(${columns}) > (${sql.join(after)})`)
  }
  for (const column of key) query = query.orderBy(column)
  return query.limit(limit).execute()
}

function untyped(db: StateDatabase): AnyDatabase {
  return db as unknown as AnyDatabase
}

const SUM_BITS = 256n

/** A sum of row hashes, so that the two sides may read in different orders. Adding, unlike XOR, tells twice from never. */
function createRowSum(): { add(row: Row): void; rows(): number; hash(): string } {
  let sum = 0n
  let count = 0
  return {
    add: (row) => {
      sum = BigInt.asUintN(Number(SUM_BITS), sum + BigInt(`0x${hashRow(row)}`))
      count++
    },
    rows: () => count,
    hash: () => sum.toString(16).padStart(Number(SUM_BITS) / 4, '0'),
  }
}

function hashRow(row: Row): string {
  const hash = createHash('sha256')
  for (const column of Object.keys(row).sort()) {
    const value = row[column]
    // What a text that cannot be kept everywhere becomes is the same on both sides.
    const content = value instanceof Uint8Array ? value : value === null ? '' : String(value).replaceAll('\0', '\uFFFD')
    hash.update(`${column} ${value === null ? 'null' : typeof value} ${content.length}:`)
    hash.update(content)
  }
  return hash.digest('hex')
}
