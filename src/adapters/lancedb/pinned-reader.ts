/** One version of a table, held still for reading, with the rows it has already shown. Knows nothing of ranking or permissions. */
import type { Connection, Table } from '@lancedb/lancedb'
import type { Table as ArrowTable } from 'apache-arrow'
import { INDEX_FIELDS } from '../../foundation/storage/index-shape.ts'
import type { IndexHit } from '../../contracts/document-index.ts'
import { isOneOfNumbers } from './predicate.ts'
import { HIT_COLUMNS, hitReader, IN_ONE_PIECE, rowIds, toHits } from './index-row.ts'
import { RowPlaces } from './row-places.ts'
import { RowScopes } from './row-scopes.ts'

/** Rows kept one by one, at roughly half a kilobyte each. */
const CACHED_ROWS = 10_000
/**
 * Reading 60 rows takes 6 ms of processor time, since each column is read by itself; reading all of 200,000 takes 45. A version that
 * was read this often will be read more. Kept as columns, at some 60 to 300 bytes a row.
 */
const READS_BEFORE_WHOLE = 10
const WHOLE_ROWS = 250_000
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
  #whole: WholeTable | undefined
  #scopes: Promise<RowScopes> | undefined

  constructor(table: Table, rows: { readonly folded: number; readonly waiting: number }) {
    this.table = table
    this.searchable = rows.waiting <= rows.folded * TOLERATED_SHARE
    this.folded = rows.waiting === 0
  }

  /** The scope of every row. */
  scopes(): Promise<RowScopes> {
    this.#scopes ??= this.#readScopes()
    this.#scopes.catch(() => (this.#scopes = undefined))
    return this.#scopes
  }

  /** The hits of these rows, score 0, in any order. A version never changes, so a row read once is not read again. */
  async hits(rows: readonly number[]): Promise<ReadonlyMap<number, IndexHit>> {
    if (this.#whole !== undefined) return this.#whole.hits(rows)
    const found = new Map<number, IndexHit>()
    // Kept apart from the cache, which another query may clear while this one reads.
    for (const row of rows) {
      const hit = this.#hits.get(row)
      if (hit !== undefined) found.set(row, hit)
    }
    const missing = rows.filter((row) => !found.has(row))
    if (missing.length === 0) return found
    if (++this.#reads === READS_BEFORE_WHOLE && (await this.table.countRows()) <= WHOLE_ROWS) {
      this.#whole = await this.#readWhole()
      return this.#whole.hits(rows)
    }
    const read = await this.#read(missing)
    if (this.#hits.size + read.length > CACHED_ROWS) this.#hits.clear()
    for (const [row, hit] of read) {
      found.set(row, hit)
      if (this.#whole === undefined) this.#hits.set(row, hit)
    }
    return found
  }

  async #read(rows: readonly number[]): Promise<readonly (readonly [number, IndexHit])[]> {
    const query = this.table.query().where(isOneOfNumbers('_rowid', rows))
    const result = await query.select(HIT_COLUMNS).withRowId().toArrow()
    const ids = rowIds(result)
    return toHits(result).map((hit, position) => [ids[position] ?? -1, hit])
  }

  async #readWhole(): Promise<WholeTable> {
    const columns = await this.table.query().select(HIT_COLUMNS).withRowId().toArrow(IN_ONE_PIECE)
    this.#hits.clear()
    return new WholeTable(columns)
  }

  async #readScopes(): Promise<RowScopes> {
    const columns = await this.table.query().select(['scope_id']).withRowId().toArrow(IN_ONE_PIECE)
    // A table without rows comes without columns.
    return new RowScopes(
      rowIds(columns),
      (columns.getChild('scope_id')?.toArray() as Int32Array | undefined) ?? new Int32Array(0),
    )
  }
}

/** All rows of a version, read at once. */
class WholeTable {
  readonly #places: RowPlaces
  readonly #hitAt: (place: number) => IndexHit

  constructor(columns: ArrowTable) {
    this.#places = new RowPlaces(rowIds(columns))
    this.#hitAt = hitReader(columns)
  }

  hits(rows: readonly number[]): ReadonlyMap<number, IndexHit> {
    const placed = rows.map((row) => [row, this.#places.placeOf(row)] as const)
    return new Map(placed.filter(([, place]) => place >= 0).map(([row, place]) => [row, this.#hitAt(place)]))
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
