/** The vectors of a table's newest version, held in memory: read once, then only what a newer version adds. Knows rows and their scopes; ranks nothing. */
import type { Table as ArrowTable } from 'apache-arrow'
import { DirectionMatrix } from './direction-matrix.ts'
import { rowIds } from './index-row.ts'
import type { PinnedReader } from './pinned-reader.ts'

/** The rows of one version that have a vector. */
export interface VersionVectors {
  readonly matrix: DirectionMatrix
  readonly rows: Float64Array
  /** Where in the matrix each row's vector is. */
  readonly slots: Int32Array
  /** For each row, the place of its scope in `scopes`. */
  readonly scopePlaces: Int32Array
  readonly scopes: Int32Array
}

/** Rows that are asked for by id at once; beyond a share of the table, reading all of it is quicker. */
const ROWS_AT_ONCE = 10_000
const SCAN_SHARE = 0.25
/** Replaced rows stay in memory until they are as many as those that count. */
const FORGOTTEN_SHARE = 2

export class TableVectors {
  readonly #dimensions: number
  #matrix: DirectionMatrix
  readonly #slots = new Map<number, number>()
  readonly #versions = new WeakMap<PinnedReader, Promise<VersionVectors>>()
  #loading: Promise<unknown> = Promise.resolve()

  constructor(dimensions: number) {
    this.#dimensions = dimensions
    this.#matrix = new DirectionMatrix(dimensions)
  }

  /** Row ids of LanceDB stand for the same vector for ever; which rows are there, and in which scope, is read for each version. */
  of(reader: PinnedReader): Promise<VersionVectors> {
    const known = this.#versions.get(reader)
    if (known !== undefined) return known
    // One after the other: two versions share what both hold.
    const loading = this.#loading.then(() => this.#load(reader))
    this.#loading = loading.catch(() => {})
    this.#versions.set(reader, loading)
    loading.catch(() => this.#versions.delete(reader))
    return loading
  }

  /** After content of the past came back: its row ids may be given to other rows next. */
  forget(): void {
    this.#slots.clear()
    this.#matrix = new DirectionMatrix(this.#dimensions)
  }

  async #load(reader: PinnedReader): Promise<VersionVectors> {
    const { rows, scopes } = await reader.scopes()
    if (this.#slots.size > FORGOTTEN_SHARE * rows.length + ROWS_AT_ONCE) this.forget()
    const missing = rows.filter((row) => !this.#slots.has(row))
    if (missing.length > rows.length * SCAN_SHARE) await this.#scan(reader)
    else
      for (let at = 0; at < missing.length; at += ROWS_AT_ONCE) await this.#take(reader, missing.subarray(at, at + ROWS_AT_ONCE))
    return this.#select(rows, scopes)
  }

  async #scan({ table }: PinnedReader): Promise<void> {
    for await (const batch of table.query().select(['vector']).withRowId()) this.#keep(batch)
  }

  async #take({ table }: PinnedReader, rows: Float64Array): Promise<void> {
    this.#keep(await table.takeRowIds(Array.from(rows, BigInt)).select(['vector']).withRowId().toArrow())
  }

  #keep(batch: Pick<ArrowTable, 'getChild'>): void {
    const ids = rowIds(batch)
    let at = 0
    for (const { length, offset, children } of batch.getChild('vector')?.data ?? []) {
      const values = children[0]?.values as Int8Array
      const first = this.#matrix.append(values.subarray(offset * this.#dimensions, (offset + length) * this.#dimensions))
      for (let row = 0; row < length; row++) this.#slots.set(ids[at++] ?? 0, first + row)
    }
  }

  #select(rows: Float64Array, scopeOf: Int32Array): VersionVectors {
    const places = new Map<number, number>()
    const found = {
      rows: new Float64Array(rows.length),
      slots: new Int32Array(rows.length),
      scopePlaces: new Int32Array(rows.length),
    }
    let count = 0
    for (const [at, row] of rows.entries()) {
      const slot = this.#slots.get(row)
      if (slot === undefined || !this.#matrix.hasDirection(slot)) continue
      const scope = scopeOf[at] ?? 0
      const place = places.get(scope) ?? places.size
      places.set(scope, place)
      found.rows[count] = row
      found.slots[count] = slot
      found.scopePlaces[count++] = place
    }
    return {
      matrix: this.#matrix,
      rows: found.rows.subarray(0, count),
      slots: found.slots.subarray(0, count),
      scopePlaces: found.scopePlaces.subarray(0, count),
      scopes: Int32Array.from(places.keys()),
    }
  }
}
