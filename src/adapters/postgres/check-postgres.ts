/** Looks at a PostgreSQL server the way an operator would: reachable, recent enough, roomy enough, and this role allowed to work. */
import pg from 'pg'
import { toStateFailure } from './postgres-failure.ts'
import { clientOptions, locationOf, type PostgresOptions } from './postgres-pool.ts'

export interface PostgresReport {
  readonly location: string
  readonly version: string
  /** What works now and may not later, each with its cure. */
  readonly warnings: readonly string[]
}

const OLDEST_TESTED = 14
/** Of one process: its pool, its jobs, a lease. */
const OTHER_CONNECTIONS = 3

/** @throws TouchstoneError STATE_UNREACHABLE, STATE_UNAVAILABLE */
export async function checkPostgres({ url, poolSize }: PostgresOptions): Promise<PostgresReport> {
  const location = locationOf(url)
  const client = new pg.Client(clientOptions(url))
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<ServerFacts>(
      `select current_setting('server_version') as version, current_setting('server_version_num')::int / 10000 as major,
         current_setting('max_connections')::int as connections, current_setting('server_encoding') as encoding,
         current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
         has_database_privilege(current_database(), 'create') as "mayCreate", pg_is_in_recovery() as "isStandby"`,
    )
    return { location, version: rows[0]?.version ?? '', warnings: rows.flatMap((facts) => warningsOf(facts, poolSize)) }
  } catch (error) {
    throw toStateFailure(error, location)
  } finally {
    await client.end().catch(() => {})
  }
}

interface ServerFacts {
  readonly version: string
  readonly major: number
  readonly connections: number
  readonly encoding: string
  readonly fsync: string
  readonly commit: string
  readonly mayCreate: boolean
  readonly isStandby: boolean
}

function warningsOf(facts: ServerFacts, poolSize: number): string[] {
  const wanted = poolSize + OTHER_CONNECTIONS
  const found: readonly (readonly [boolean, string])[] = [
    [facts.major < OLDEST_TESTED, `version ${facts.version} is older than ${OLDEST_TESTED}: upgrade it`],
    [facts.isStandby, 'it is a stand-by, which takes no writes: name the primary in store.postgres.url'],
    [facts.encoding !== 'UTF8', `its encoding is ${facts.encoding}: make a database with the encoding UTF8 and copy the state`],
    [
      facts.fsync === 'off' || facts.commit === 'off',
      'it acknowledges before it has written: set fsync and synchronous_commit to on',
    ],
    [!facts.mayCreate, 'the role may not create the schema of jobs: grant create on the database'],
    [
      wanted * 2 > facts.connections,
      `two servers could take ${wanted * 2} of its ${facts.connections} connections: raise max_connections or lower store.postgres.poolSize`,
    ],
  ]
  return found.flatMap(([holds, warning]) => (holds ? [warning] : []))
}
