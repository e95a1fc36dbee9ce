/** One version of a table, held still for reading, with the rows it has already shown. Knows nothing of ranking or permissions. */
import type { Connection, Table } from '@lancedb/lancedb'
import { INDEX_FIELDS } from '../../foundation/storage/index-shape.ts'
import type { IndexHit } from '../../contracts/document-index.ts'
import { isOneOfNumbers } from './predicate.ts'
import { HIT_COLUMNS, rowIds, toHits } from './index-row.ts'

/** Rows kept, at roughly half a kilobyte each. */
const CACHED_ROWS = 10_000
/** Reading a whole small table (9,000 rows: 40 ms) costs as much as twenty reads; a version that was read this often will be read more. */
const READS_BEFORE_WHOLE = 10
/**
 * LanceDB 0.31 counts a term's occurrences, not its rows, among the rows not folded in yet, and leaves out rows whose score
 * this pushes below zero. Few such rows move no estimate that far; many make it lose rows for any common word.
 */
const TOLERATED_SHARE = 0.02

/** Several queries against the same version see the same rows under the same row ids, whatever is written meanwhile. */
export class PinnedReader {
  readonly table: Table
  /** False while so many rows wait to be folded in that full-text search may miss some. */
  readonly searchable: boolean
  /** Every row is folded in: full-text search need not look beyond its structures, which saves a fifth of its time. */
  readonly folded: boolean
  readonly #hits = new Map<number, IndexHit>()
  #reads = 0

  constructor(table: Table, rows: { readonly folded: number; readonly waiting: number }) {
    this.table = table
    this.searchable = rows.waiting <= rows.folded * TOLERATED_SHARE
    this.folded = rows.waiting === 0
  }

  /** The hits of these rows, score 0, in any order. A version never changes, so a row read once is not read again. */
  async hits(rows: readonly number[]): Promise<ReadonlyMap<number, IndexHit>> {
    const unread = rows.filter((row) => !this.#hits.has(row))
    if (this.#hits.size + unread.length > CACHED_ROWS) this.#hits.clear()
    const missing = rows.filter((row) => !this.#hits.has(row))
    if (missing.length > 0) await this.#read(missing)
    return new Map(rows.map((row) => [row, this.#hits.get(row)]).filter((entry): entry is [number, IndexHit] => !!entry[1]))
  }

  async #read(rows: readonly number[]): Promise<void> {
    const isWorthAll = ++this.#reads === READS_BEFORE_WHOLE && (await this.table.countRows()) <= CACHED_ROWS
    const query = isWorthAll ? this.table.query() : this.table.query().where(isOneOfNumbers('_rowid', rows))
    const result = await query.select(HIT_COLUMNS).withRowId().toArrow()
    const ids = rowIds(result)
    for (const [position, hit] of toHits(result).entries()) this.#hits.set(ids[position] ?? -1, hit)
  }
}

/** The cache of a connection keeps the files of all versions that it has read; a new one now and then lets go of them. */
const PINS_PER_CONNECTION = 16

/** Gives the reader of the newest version, and keeps it until a newer one appears. */
export class LatestReader {
  readonly #connect: () => Promise<Connection>
  readonly #latest: Table
  #connection: Promise<Connection> | undefined
  #pins = 0
  #version = -1
  #reader: Promise<PinnedReader> | undefined

  constructor(connect: () => Promise<Connection>, latest: Table) {
    this.#connect = connect
    this.#latest = latest
  }

  /** Looks at the disk each time (0.1 ms), so that a write of another process is seen by the next query. */
  async open(): Promise<PinnedReader> {
    const version = await this.#latest.version()
    if (this.#reader === undefined || version !== this.#version) {
      this.#version = version
      this.#reader = this.#pin(version)
      this.#reader.catch(() => {
        this.#connection = undefined
        if (this.#version === version) this.#reader = undefined
      })
    }
    return this.#reader
  }

  async #pin(version: number): Promise<PinnedReader> {
    if (this.#pins++ % PINS_PER_CONNECTION === 0) this.#connection = undefined
    const table = await (await (this.#connection ??= this.#connect())).openTable(this.#latest.name)
    await table.checkout(version)
    // A process that was killed while it folded may have done so for some fields only.
    const stats = await Promise.all(INDEX_FIELDS.map((field) => table.indexStats(`${field}_idx`)))
    return new PinnedReader(table, {
      folded: Math.min(...stats.map((field) => field?.numIndexedRows ?? 0)),
      waiting: Math.max(...stats.map((field) => field?.numUnindexedRows ?? Infinity)),
    })
  }
}
