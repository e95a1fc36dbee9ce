/** What backup, restore and rebuild work with: the state and the engine, without anything that serves. Opens also what is damaged. */
import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { saveSqliteState } from '../../adapters/sqlite/save-sqlite-state.ts'
import type { DocumentIndexEngine } from '../../contracts/document-index.ts'
import type { TenantId } from '../../contracts/identity.ts'
import { createPrincipalDirectory } from '../../foundation/access/principal-directory.ts'
import { systemClock, type Clock } from '../../foundation/concurrency/clock.ts'
import { systemIds, type IdSource } from '../../foundation/concurrency/random.ts'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { createDocumentReader } from '../../foundation/storage/document-repository.ts'
import { copyState } from '../../foundation/storage/copy-state.ts'
import { adoptIndex } from '../../foundation/storage/live-indexes.ts'
import type { OpenState } from '../../foundation/storage/open-state.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { prepareAnalysis } from '../../foundation/text/analysis.ts'
import { createIndexOpener, readingDefinition, type IndexOpener } from '../compose-index.ts'
import { configuredChunker } from '../configured-chunker.ts'
import { createIndexEngine } from '../index-engine.ts'
import type { LoadedConfig } from '../load-config.ts'
import { openSqlite, openState, type StateParts } from '../open-state.ts'

export interface BackupParts {
  readonly loaded: LoadedConfig
  readonly tenant: TenantId
  readonly store: OpenState
  readonly state: StateDatabase
  readonly engine: DocumentIndexEngine
  readonly indexes: IndexOpener
  readonly dataDirectory: string
  readonly clock: Clock
  readonly ids: IdSource
  /** A consistent copy of the state in a new SQLite file, whatever database holds it. */
  saveState(to: string): Promise<void>
}

export interface BackupOptions {
  readonly dataDirectory: string
  readonly clock?: Clock
  readonly ids?: IdSource
  /** Whether a damaged state is put aside under another name and an empty one takes its place. */
  readonly replaceDamaged?: boolean
}

export interface BackupProgress {
  readonly phase: 'index' | 'state' | 'checking' | 'texts' | 'indexing'
  readonly done: number
  readonly total: number
}

/** @throws TouchstoneError STATE_* */
export async function withBackupParts<Result>(
  loaded: LoadedConfig,
  options: BackupOptions,
  work: (parts: BackupParts) => Promise<Result>,
): Promise<Result> {
  const { dataDirectory, clock = systemClock, ids = systemIds } = options
  const tenant = loaded.config.tenant as TenantId
  const store = await open(loaded, dataDirectory, options.replaceDamaged === true, { clock, ids })
  const state = store.db
  try {
    await createPrincipalDirectory(state).replaceAll(tenant, 'config', loaded.users, loaded.groups)
    await prepareAnalysis(await createDocumentReader(state).languages(tenant))
    const engine = createIndexEngine(loaded, dataDirectory, { clock, ids })
    const chunker = configuredChunker(loaded.config.index.chunker).definition
    const indexes = await createIndexOpener({ engine, tenant, loaded, dataDirectory, clock, chunker })
    const isFile = loaded.config.store.postgres === undefined
    const saveState = (to: string): Promise<void> =>
      isFile ? saveSqliteState(store.location, to) : copyOut(state, to, { clock, ids })
    try {
      await adoptIndex(state, tenant, indexes.configured, readingDefinition(chunker), clock.now())
      return await work({ loaded, tenant, store, state, engine, indexes, dataDirectory, clock, ids, saveState })
    } finally {
      await indexes.close()
    }
  } finally {
    await store.close()
  }
}

/** Of one moment, and compared row by row with what was read. */
async function copyOut(state: StateDatabase, to: string, parts: StateParts): Promise<void> {
  const copy = await openSqlite(to, parts)
  try {
    await copyState(state, copy.db)
  } finally {
    await copy.close()
  }
}

async function open(loaded: LoadedConfig, dataDirectory: string, replaceDamaged: boolean, parts: StateParts): Promise<OpenState> {
  try {
    return await openState(loaded, dataDirectory, parts)
  } catch (error) {
    const isFile = loaded.config.store.postgres === undefined
    if (!isFile || !replaceDamaged || !isTouchstoneError(error, 'STATE_CORRUPT')) throw error
    await putAside(join(dataDirectory, 'state.sqlite'), parts.clock.now())
    return openState(loaded, dataDirectory, parts)
  }
}

/** What is damaged may still be of use to somebody; it is never removed. The log first: it must not be applied to a new file. */
async function putAside(path: string, nowMs: number): Promise<void> {
  const [folder, name] = [join(path, '..'), path.slice(join(path, '..').length + 1)]
  const files = (await readdir(folder)).filter((file) => [name, `${name}-wal`, `${name}-shm`].includes(file))
  for (const file of files.sort().reverse()) await rename(join(folder, file), join(folder, `${file}.damaged-${nowMs}`))
}
