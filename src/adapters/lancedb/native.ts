/** Loads LanceDB's native module. Knows what it must find in the environment before it loads; knows nothing of tables. */
import type * as LanceDb from '@lancedb/lancedb'

export type LanceDbModule = typeof LanceDb

/** LanceDB with its caches bounded: the library's own bounds (6 GB of index, 1 GB of metadata) do not suit an embedded program. */
export interface LoadedLanceDb {
  readonly module: LanceDbModule
  /** New caches, bounded. */
  newSession(): LanceDb.Session
}

const MIB = 1024 * 1024
// Measured: 6,000 and 48,000 chunks keep 8 MB in these caches; the bounds leave room for some ten times more.
const INDEX_CACHE_BYTES = BigInt(96 * MIB)
const METADATA_CACHE_BYTES = BigInt(32 * MIB)

let loading: Promise<LoadedLanceDb> | undefined

/** Loaded at the first call, since the native module costs 60 ms and 20 MB that `--help` must not pay. */
export function loadLanceDb(): Promise<LoadedLanceDb> {
  loading ??= load()
  return loading
}

async function load(): Promise<LoadedLanceDb> {
  // The native library reads this once while it loads. With fewer than 4 threads, which it chooses by itself on two cores,
  // building a full-text index over 60,000 rows waits for ever on its own queue.
  process.env['LANCE_CPU_THREADS'] ??= '4'
  const module = await import('@lancedb/lancedb')
  return { module, newSession: () => new module.Session(INDEX_CACHE_BYTES, METADATA_CACHE_BYTES) }
}
