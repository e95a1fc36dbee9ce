/** Opens the state where the configuration says: in PostgreSQL, or in a SQLite file of the data folder. Knows which adapter serves which. */
import { resolve } from 'node:path'
import { openSqliteState } from '../adapters/sqlite/open-sqlite-state.ts'
import type { Clock } from '../foundation/concurrency/clock.ts'
import type { IdSource } from '../foundation/concurrency/random.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { createJobQueue } from '../foundation/storage/job-queue.ts'
import type { OpenState } from '../foundation/storage/open-state.ts'
import { createRowLeases } from '../foundation/storage/row-leases.ts'
import { readSecret, type LoadedConfig } from './load-config.ts'

export interface StateParts {
  readonly clock: Clock
  readonly ids: IdSource
}

/** @throws TouchstoneError STATE_*, DISK_FULL, CONFIG_INVALID when the variable that holds the URL is not set */
export function openState(loaded: LoadedConfig, dataDirectory: string, parts: StateParts): Promise<OpenState> {
  const { postgres } = loaded.config.store
  if (postgres === undefined) return openSqlite(resolve(dataDirectory, 'state.sqlite'), parts)
  return openPostgres(postgresUrl(loaded, postgres), postgres.poolSize, parts)
}

/** @throws TouchstoneError CONFIG_INVALID when the variable is not set, or holds no such URL */
export function postgresUrl({ path }: LoadedConfig, { url }: { readonly url: { readonly env: string } }): string {
  const value = readSecret(url) ?? ''
  if (isPostgresUrl(value)) return value
  const problem = value === '' ? 'is not set' : 'does not hold a URL that begins with postgres://'
  const problems = `  - store.postgres.url: the environment variable ${url.env} ${problem}`
  throw new TouchstoneError('CONFIG_INVALID', { details: { path, count: 1, problems } })
}

export function isPostgresUrl(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text) && URL.canParse(text)
}

export async function openSqlite(path: string, { clock, ids }: StateParts): Promise<OpenState> {
  const db = await openSqliteState(path)
  return {
    db,
    location: path,
    leases: createRowLeases(db, clock),
    openJobs: async (tenant, leaseMs) => ({ ...createJobQueue(db, tenant, { clock, ids, leaseMs }), close: async () => {} }),
    close: () => db.destroy(),
  }
}

/** Its client and its job queue are loaded when they are wanted: whoever uses SQLite need not pay for them. */
export async function openPostgres(url: string, poolSize: number, { clock, ids }: StateParts): Promise<OpenState> {
  const { openPostgresState } = await import('../adapters/postgres/open-postgres-state.ts')
  const { locationOf } = await import('../adapters/postgres/postgres-pool.ts')
  const { createSessionLeases } = await import('../adapters/postgres/session-leases.ts')
  const location = locationOf(url)
  const db = await openPostgresState({ url, poolSize })
  return {
    db,
    location,
    leases: createSessionLeases(url, location, clock),
    openJobs: async (tenant, leaseMs) => {
      const { openBossJobs } = await import('../adapters/postgres/boss-job-queue.ts')
      return openBossJobs({ url, location, clock, ids }, tenant, leaseMs)
    },
    close: () => db.destroy(),
  }
}
