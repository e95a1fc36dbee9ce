/** Copies of an index as files, taken while others write. Knows how LanceDB lays a table out on disk; knows nothing of backups. */
import { join } from 'node:path'
import { INDEX_LEVELS } from '../../foundation/storage/index-shape.ts'
import type { IndexLevel } from '../../contracts/document-index.ts'
import type { IndexCopies } from '../../contracts/index-copies.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { copyDurably, filesBelow } from '../../foundation/storage/durable-files.ts'
import { commit, toIndexError } from './failure.ts'
import { loadLanceDb } from './native.ts'

/** Holds the files of the version that is being copied; a killed copy leaves it to the next. */
const TAG = 'copying'
/** Only the copied version's manifest is taken: later ones, the hint at the latest, and tags speak of files that are not copied. */
const MANIFESTS = '_versions'
const LEFT_OUT = new Set([MANIFESTS, '_refs'])
/** LanceDB names manifests so that the newest sorts first. */
const LAST_NAME = 2n ** 64n - 1n

export function createIndexCopies(place: (tenant: string, definition: string) => string, clock: Clock): IndexCopies {
  return {
    save: async (tenant, definition, directory, onBytes) => {
      const path = place(tenant, definition)
      for (const level of INDEX_LEVELS) await saveTable(path, level, join(directory, `${level}.lance`), clock, onBytes)
    },
    load: async (tenant, definition, directory, onBytes) => {
      const to = place(tenant, definition)
      for (const file of await filesBelow(directory)) await copyDurably(join(directory, file), join(to, file), onBytes)
    },
  }
}

async function saveTable(
  path: string,
  level: IndexLevel,
  to: string,
  clock: Clock,
  onBytes: (count: number) => void,
): Promise<void> {
  const { module, newSession } = await loadLanceDb()
  const connection = await module.connect(path, { readConsistencyInterval: 0 }, newSession())
  try {
    const table = await connection.openTable(level)
    const tags = await table.tags()
    const version = await commit(
      async () => {
        const newest = await table.version()
        await (TAG in (await tags.list()) ? tags.update(TAG, newest) : tags.create(TAG, newest))
        return newest
      },
      path,
      clock,
    )
    try {
      await copyVersion(join(path, `${level}.lance`), version, to, onBytes)
    } finally {
      await tags.delete(TAG)
    }
  } catch (error) {
    throw toIndexError(error, path)
  } finally {
    connection.close()
  }
}

/** Files are written once and never changed, so that those of the version are whole, and others do no harm. */
async function copyVersion(table: string, version: number, to: string, onBytes: (count: number) => void): Promise<void> {
  const manifest = join(MANIFESTS, `${LAST_NAME - BigInt(version)}.manifest`)
  const files = (await filesBelow(table)).filter((file) => !LEFT_OUT.has(file.split('/')[0] ?? ''))
  for (const file of [...files, manifest]) {
    await copyDurably(join(table, file), join(to, file), onBytes).catch((error: unknown) => {
      // Cleaned up meanwhile, so none of the version's; a missing manifest is damage.
      if (file === manifest || !isMissing(error)) throw error
    })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
