/** One table of an index: made with its structures, opened with a look at its health, written with retries. Knows nothing of the other level. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection, Index, Table } from '@lancedb/lancedb'
import { inPieces } from '../../foundation/storage/in-pieces.ts'
import { INDEX_FIELDS } from '../../foundation/storage/index-shape.ts'
import type { DocumentVersion, DocumentId, ScopeId } from '../../contracts/identity.ts'
import type { IndexLevel, IndexRecord } from '../../contracts/document-index.ts'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { commit, firstLine, indexCorrupt, toIndexError } from './failure.ts'
import { tableSchema, toRow } from './index-row.ts'
import type { LanceDbModule } from './native.ts'
import { LatestReader, type PinnedReader } from './pinned-reader.ts'
import { isOneOf, sqlString } from './predicate.ts'
import { TableVectors, type VersionVectors } from './table-vectors.ts'

/** Queries that began on an older version finish long before its files go. */
const KEEP_OLD_VERSIONS_MS = 10 * 60_000
/** Documents named in one predicate; longer ones cost more to parse than another commit. */
const DOCUMENTS_PER_COMMIT = 200
/** A writer that never rests must not keep a reader waiting for ever. */
const FOLDS_BEFORE_READING = 3
/** Terms are ours and may be long (a whole URL); only a field that is no text at all comes near this. */
const LONGEST_TERM = 1_000
/** Matches nothing: analysis never lets a control character into a term. */
const NO_TERM = '\u0001'

export interface TableSetting {
  readonly module: LanceDbModule
  readonly connection: Connection
  /** Another connection to the same place, with caches of its own. */
  readonly connect: () => Promise<Connection>
  readonly path: string
  readonly clock: Clock
}

/** What a table holds beside what all do. */
export interface TableShape {
  /** Of its vectors; nothing for a table without. */
  readonly dimensions: number | undefined
}

export class IndexTable {
  readonly #setting: TableSetting
  readonly #table: Table
  readonly #reader: LatestReader
  readonly #dimensions: number | undefined
  readonly #vectors: TableVectors | undefined
  #folding: Promise<void> | undefined
  #lastFold: Promise<void> = Promise.resolve()

  private constructor(setting: TableSetting, table: Table, { dimensions }: TableShape) {
    this.#setting = setting
    this.#table = table
    this.#dimensions = dimensions
    this.#vectors = dimensions === undefined ? undefined : new TableVectors(dimensions)
    this.#reader = new LatestReader(setting.connect, table)
  }

  /** @throws TouchstoneError INDEX_CORRUPT, INDEX_UNAVAILABLE */
  static async open(setting: TableSetting, level: IndexLevel, shape: TableShape): Promise<IndexTable> {
    try {
      const table = (await findTable(setting, level)) ?? (await createTable(setting, level, shape))
      await createMissingIndices(setting, table)
      await examine(setting.module, table, setting.path, shape)
      return new IndexTable(setting, table, shape)
    } catch (error) {
      throw toIndexError(error, setting.path)
    }
  }

  /** The newest version. Folds recent writes in first when there are too many of them to search rightly. */
  async read(): Promise<PinnedReader> {
    for (let attempt = 1; ; attempt++) {
      const reader = await this.#reader.open()
      if (reader.searchable || attempt === FOLDS_BEFORE_READING) return reader
      this.#folding ??= this.optimise().finally(() => (this.#folding = undefined))
      try {
        await this.#folding
      } catch (error) {
        // Who reads needs no room: a common word may miss some of the newest rows until there is some.
        if (isTouchstoneError(error, 'DISK_FULL')) return reader
        throw error
      }
    }
  }

  /** The newest version for reading rows, not for searching: nothing is folded in first. */
  newest(): Promise<PinnedReader> {
    return this.#reader.open()
  }

  /** The newest version and its vectors; nothing is folded in first, since vectors are not searched by the engine. */
  async readVectors(): Promise<{ readonly reader: PinnedReader; readonly vectors: VersionVectors } | undefined> {
    if (this.#vectors === undefined) return undefined
    const reader = await this.#reader.open()
    return { reader, vectors: await this.#vectors.of(reader) }
  }

  async upsert(records: readonly IndexRecord[]): Promise<void> {
    // Merging by key must not meet the same key twice in one batch; the last one given counts.
    const rows = [
      ...new Map(records.map((record) => [`${record.version}\n${record.id}`, toRow(record, this.#dimensions)])).values(),
    ]
    if (rows.length === 0) return
    await this.#commit(async () =>
      this.#table.mergeInsert(['id', 'version']).whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(rows),
    )
  }

  async deleteDocuments(documents: readonly { readonly id: DocumentId; readonly keep?: DocumentVersion }[]): Promise<void> {
    for (const part of inPieces(documents, DOCUMENTS_PER_COMMIT)) {
      const whole = part.filter(({ keep }) => keep === undefined).map(({ id }) => id)
      const older = part
        .filter(({ keep }) => keep !== undefined)
        .map(({ id, keep = '' }) => `(document = ${sqlString(id)} AND version <> ${sqlString(keep)})`)
      const predicate = [...(whole.length > 0 ? [isOneOf('document', whole)] : []), ...older].join(' OR ')
      await this.#commit(() => this.#table.delete(predicate))
    }
  }

  async moveScope(documents: readonly DocumentId[], scope: ScopeId): Promise<void> {
    for (const part of inPieces(documents, DOCUMENTS_PER_COMMIT)) {
      await this.#commit(() => this.#table.update({ where: isOneOf('document', part), values: { scope_id: scope } }))
    }
  }

  /**
   * One after the other: a clean-up reads the manifests of old versions, and fails when another removes them meanwhile. One of
   * another process may still do that, so a fold that misses a file is tried once more before it counts as damage.
   */
  optimise(): Promise<void> {
    const fold = this.#lastFold
      .then(() => this.#fold())
      .catch((error) => (isMissingFile(error) ? this.#fold() : Promise.reject(error)))
    this.#lastFold = fold.catch(() => {})
    return fold
  }

  async #fold(): Promise<void> {
    const newest = Math.min(this.#setting.clock.now(), await this.#oldestTaggedMs())
    const cleanupOlderThan = new Date(newest - KEEP_OLD_VERSIONS_MS)
    await this.#commit(() => this.#onOwnConnection((table) => table.optimize({ cleanupOlderThan })))
  }

  /**
   * With caches that go with it: LanceDB keeps every file that it ever folded open in its cache, and small ones never fill it, so
   * that a server whose documents change all day would run out of file descriptors.
   */
  async #onOwnConnection<Result>(work: (table: Table) => Promise<Result>): Promise<Result> {
    const connection = await this.#setting.connect()
    try {
      const table = await connection.openTable(this.#table.name)
      return await work(table).finally(() => table.close())
    } finally {
      connection.close()
    }
  }

  /** LanceDB refuses a clean-up that would meet a tagged version, so that everything since the oldest snapshot is kept. */
  async #oldestTaggedMs(): Promise<number> {
    const tagged = new Set(Object.values(await (await this.#table.tags()).list()).map(({ version }) => version))
    if (tagged.size === 0) return Infinity
    const versions = await this.#table.listVersions()
    return Math.min(...versions.filter(({ version }) => tagged.has(version)).map(({ timestamp }) => timestamp.getTime()))
  }

  /** Names the present version; a tagged version's files survive every clean-up. */
  async tag(tag: string): Promise<void> {
    await this.#commit(async () => {
      const tags = await this.#table.tags()
      const version = await this.#table.version()
      await (tag in (await tags.list()) ? tags.update(tag, version) : tags.create(tag, version))
    })
  }

  async hasTag(tag: string): Promise<boolean> {
    return tag in (await (await this.#table.tags()).list())
  }

  /** Makes the tagged content the newest version. On a handle of its own: this one keeps looking at the newest. */
  async restore(tag: string): Promise<void> {
    await this.#commit(async () => {
      const past = await this.#setting.connection.openTable(this.#table.name)
      await past.checkout(tag)
      await past.restore()
      past.close()
    })
    this.#vectors?.forget()
  }

  count(): Promise<number> {
    return this.#table.countRows()
  }

  /** Bytes of the data and of the search structures over it. */
  async sizeBytes(): Promise<number> {
    const [stats, indices] = await Promise.all([this.#table.stats(), this.#table.listIndices()])
    return stats.totalBytes + indices.reduce((sum, { sizeBytes = 0 }) => sum + Number(sizeBytes), 0)
  }

  close(): void {
    this.#table.close()
  }

  #commit<Result>(write: () => Promise<Result>): Promise<Result> {
    return commit(write, this.#setting.path, this.#setting.clock)
  }
}

/**
 * Nothing when it was never made. A maker that is not done yet, or was killed, leaves a folder without a version and without rows.
 * @throws Error of the engine when rows are there that no version speaks of
 */
export async function findTable({ connection, path }: TableSetting, level: IndexLevel): Promise<Table | undefined> {
  try {
    return await connection.openTable(level)
  } catch (error) {
    const rows = await readdir(join(path, `${level}.lance`, 'data')).catch(() => [])
    if (!isMissingFile(error) || rows.length > 0) throw error
    return undefined
  }
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && /not found|no such file/i.test(error.message)
}

async function createTable({ connection }: TableSetting, level: IndexLevel, { dimensions }: TableShape): Promise<Table> {
  try {
    return await connection.createEmptyTable(level, tableSchema(dimensions), { mode: 'create' })
  } catch (error) {
    // Another process opened the same new index a moment earlier.
    if (/exist|conflict/i.test(firstLine(error))) return connection.openTable(level)
    throw error
  }
}

/** Also completes a table whose maker was killed between creating it and creating its structures. */
async function createMissingIndices({ module, path, clock }: TableSetting, table: Table): Promise<void> {
  for (const [column, config] of Object.entries(indexConfigs(module))) {
    await commit(
      async () => {
        const present = (await table.listIndices()).some(({ columns }) => columns.includes(column))
        if (!present) await table.createIndex(column, { config: config() })
      },
      path,
      clock,
    )
  }
}

/** By column; made anew for each use, since LanceDB takes them away. */
function indexConfigs({ Index: kinds }: LanceDbModule): Readonly<Record<string, () => Index>> {
  const terms = (): Index =>
    kinds.fts({
      withPosition: false,
      baseTokenizer: 'whitespace',
      maxTokenLength: LONGEST_TERM,
      lowercase: false,
      stem: false,
      removeStopWords: false,
      asciiFolding: false,
    })
  return {
    ...Object.fromEntries(INDEX_FIELDS.map((field) => [field, terms])),
    scope_id: () => kinds.bitmap(),
    source: () => kinds.bitmap(),
    language: () => kinds.bitmap(),
    document: () => kinds.btree(),
  }
}

/** Touches every data file and every search structure, so that damage shows at the start and not in somebody's answer. */
async function examine({ MatchQuery }: LanceDbModule, table: Table, path: string, { dimensions }: TableShape): Promise<void> {
  const columns = new Map((await table.schema()).fields.map(({ name, type }) => [name, String(type)]))
  const missing = tableSchema(dimensions).fields.find(({ name, type }) => columns.get(name) !== String(type))
  if (missing) throw indexCorrupt(path, `${table.name} lacks the column ${missing.name} of ${String(missing.type)}`)
  await table.countRows('ordinal < 0')
  for (const field of INDEX_FIELDS) {
    await table.query().fullTextSearch(new MatchQuery(NO_TERM, field)).select(['_score']).limit(1).toArrow()
  }
}
