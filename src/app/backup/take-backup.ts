/** A backup while others ask and ingest: the index as of one moment, then the state, then what proves that both are whole. */
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { openSqliteState } from '../../adapters/sqlite/open-sqlite-state.ts'
import { isTouchstoneError, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { filesBelow, hashFile, syncFolder, withRoom, writeDurably } from '../../foundation/storage/durable-files.ts'
import { readGeneration, setGeneration } from '../../foundation/storage/generations.ts'
import { servingIndex } from '../../foundation/storage/live-indexes.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { indexName } from '../../knowledge/document-index/following-index.ts'
import { leaseOwner } from '../ingest-lease.ts'
import { INDEX_NAME, MANIFEST_NAME, newManifest, STATE_NAME, type BackupManifest } from './backup-manifest.ts'
import type { BackupParts, BackupProgress } from './backup-parts.ts'

export interface BackupReport extends Omit<BackupManifest, 'files' | 'secrets'> {
  readonly path: string
  readonly files: number
  readonly bytes: number
  readonly seconds: number
}

/**
 * The folder has its name only when everything in it is on the disk; until then it is called `NAME.partial`.
 * @throws TouchstoneError BACKUP_EXISTS, BACKUP_RUNNING, STATE_CORRUPT, DISK_FULL
 */
export async function takeBackup(
  parts: BackupParts,
  directory: string,
  release: string,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<BackupReport> {
  const began = parts.clock.elapsed()
  const path = resolve(directory)
  await requireFree(path)
  const lease = await parts.store.leases.acquire(`backup/${parts.tenant}`, leaseOwner(parts))
  if (!('release' in lease)) throw new TouchstoneError('BACKUP_RUNNING', { details: { owner: lease.heldBy } })
  const partial = `${path}.partial`
  try {
    const stopped = AbortSignal.any([signal, lease.lost])
    const manifest = await withRoom(partial, () => fill(parts, partial, release, onProgress, stopped))
    await putInPlace(partial, path)
    const { files, secrets: _secrets, ...told } = manifest
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    return { path, ...told, files: files.length, bytes, seconds: Math.round(parts.clock.elapsed() - began) / 1_000 }
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {})
    throw signal.aborted ? new TouchstoneError('REQUEST_CANCELLED', { cause: error }) : error
  } finally {
    await lease.release()
  }
}

async function requireFree(path: string): Promise<void> {
  const entries = await readdir(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new TouchstoneError('BACKUP_EXISTS', { details: { path }, cause: error })
  })
  if (entries.length > 0) throw new TouchstoneError('BACKUP_EXISTS', { details: { path } })
}

async function fill(
  parts: BackupParts,
  partial: string,
  release: string,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<BackupManifest> {
  const { tenant, clock } = parts
  // A killed backup left it; the lease says that nobody writes there now.
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  await nameLineage(parts)
  const createdAt = new Date(clock.now()).toISOString()
  const index = await saveIndex(parts, join(partial, INDEX_NAME), onProgress)
  signal.throwIfAborted()
  onProgress({ phase: 'state', done: 0, total: 1 })
  await parts.saveState(join(partial, STATE_NAME))
  const saved = await openSqliteState(join(partial, STATE_NAME))
  const facts = await describeState(saved, tenant).finally(() => saved.destroy())
  signal.throwIfAborted()
  const files = await hashAll(partial, onProgress, signal)
  const manifest = newManifest({ release, createdAt, tenant, index, ...facts, files })
  await writeDurably(join(partial, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

/** By this number a restore knows the state again. */
async function nameLineage({ state, tenant, ids }: BackupParts): Promise<void> {
  if ((await readGeneration(state, tenant, 'lineage')) === 0)
    await setGeneration(state, tenant, 'lineage', newLineage(ids.bytes(6)))
}

export function newLineage(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0) + 1
}

/** An index that is damaged or that its engine keeps elsewhere is left out: a restore makes it again from the texts. */
async function saveIndex(
  { engine, indexes, state, tenant }: BackupParts,
  directory: string,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupManifest['index']> {
  const serving = await servingIndex(state, tenant)
  const name = indexName(serving.name, serving.epoch)
  if (engine.copies === undefined || !(await engine.definitions(tenant)).includes(name)) return null
  try {
    const { index } = await indexes.open(serving)
    const { sizeBytes: total } = await index.stats().finally(() => index.close())
    let done = 0
    await engine.copies.save(tenant, name, directory, (count) => onProgress({ phase: 'index', done: (done += count), total }))
    return { engine: engine.id, definition: serving.name }
  } catch (error) {
    if (!isTouchstoneError(error, 'INDEX_CORRUPT')) throw error
    await rm(directory, { recursive: true, force: true })
    return null
  }
}

async function describeState(state: StateDatabase, tenant: string): Promise<Pick<BackupManifest, 'counts' | 'accessGeneration'>> {
  const count = async (table: 'documents' | 'users' | 'groups' | 'service_keys'): Promise<number> => {
    const rows = state.selectFrom(table).select((row) => row.fn.countAll<number>().as('count'))
    return Number((await rows.where('tenant', '=', tenant).executeTakeFirstOrThrow()).count)
  }
  const { chunks } = await state
    .selectFrom('documents')
    .select((row) => row.fn.sum<number | null>('chunks').as('chunks'))
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  return {
    accessGeneration: await readGeneration(state, tenant, 'access'),
    counts: {
      documents: await count('documents'),
      chunks: Number(chunks ?? 0),
      users: await count('users'),
      groups: await count('groups'),
      keys: await count('service_keys'),
    },
  }
}

/** Read back from the disk: what is hashed is what is there. */
async function hashAll(
  directory: string,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<BackupManifest['files']> {
  const paths = await filesBelow(directory)
  const files: BackupManifest['files'] = []
  for (const [done, path] of paths.entries()) {
    signal.throwIfAborted()
    onProgress({ phase: 'checking', done, total: paths.length })
    files.push({ path, ...(await hashFile(join(directory, path))) })
  }
  return files
}

async function putInPlace(partial: string, path: string): Promise<void> {
  const folders = (await readdir(partial, { recursive: true, withFileTypes: true })).filter((entry) => entry.isDirectory())
  for (const folder of folders) await syncFolder(join(folder.parentPath, folder.name))
  await syncFolder(partial)
  await rmdir(path).catch(() => {})
  await rename(partial, path)
  await syncFolder(dirname(path))
}
