/** Connections to PostgreSQL, as Kysely takes them. Knows types on the wire and connections that died; knows nothing of tables. */
import pg from 'pg'
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import { spoilsConnection, toStateFailure } from './postgres-failure.ts'

export interface PostgresOptions {
  /** postgres://user:password@host:port/database?sslmode=… */
  readonly url: string
  /** Connections at once, at most; one more for each lease held. */
  readonly poolSize: number
}

const CONNECT_TIMEOUT_MS = 5_000
/** A question that is not answered by then is lost: its connection may be to a machine that is gone. */
const ANSWER_TIMEOUT_MS = 120_000
const IDLE_MS = 30_000
/** Lists of the documents of one answer are shorter; keeping longer ones prepared in every length would fill the server. */
const PREPARED_PARAMETERS = 40

/** Host and database: what may be shown of a URL. */
export function locationOf(url: string): string {
  const { host, port, database } = new pg.Client({ connectionString: url })
  return `postgres://${host}:${port}/${database ?? ''}`
}

export function clientOptions(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'touchstone',
    types: { getTypeParser },
  }
}

/** Counts, times and generations are 64-bit there and fit a number here: all stay below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  const parser: (value: string) => unknown = pg.types.getTypeParser(oid, format ?? 'text')
  return oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : parser
}

export function createPool({ url, poolSize }: PostgresOptions, location: string): PostgresPool {
  const pool = new pg.Pool({
    ...clientOptions(url),
    max: poolSize,
    idleTimeoutMillis: IDLE_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  })
  // Who waits for the connection is told by the question's own failure; without a listener the process would end.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const clients = new WeakMap<pg.PoolClient, CheckedClient>()
  return {
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw toStateFailure(error, location)
      })
      const checked = clients.get(client) ?? new CheckedClient(client, location)
      clients.set(client, checked)
      return checked
    },
    end: () => pool.end(),
  }
}

class CheckedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  readonly #location: string
  #spoilt = false

  constructor(client: pg.PoolClient, location: string) {
    this.#client = client
    this.#location = location
  }

  query<Row>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  query<Row>(
    statement: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof statement !== 'string') throw new TypeError('this dialect was given no cursor')
    return this.#ask<Row>(statement, parameters.map(toPostgresValue))
  }

  async #ask<Row>(text: string, values: unknown[]): Promise<PostgresQueryResult<Row>> {
    try {
      return (await this.#client.query({ text, values, ...nameOf(text, values.length) })) as unknown as PostgresQueryResult<Row>
    } catch (error) {
      this.#spoilt ||= spoilsConnection(error)
      throw toStateFailure(error, this.#location)
    }
  }

  release(): void {
    this.#client.release(this.#spoilt)
  }
}

/** Named statements are parsed and planned once a connection: half the time of a list of 24 ids (bench `postgres`). */
function nameOf(text: string, parameters: number): { readonly name?: string } {
  if (parameters === 0 || parameters > PREPARED_PARAMETERS) return {}
  const name = names.get(text) ?? contentHash(text)
  if (names.size >= MAX_NAMES) names.clear()
  names.set(text, name)
  return { name }
}

const MAX_NAMES = 500
const names = new Map<string, string>()

/** Text cannot hold NUL there; what a broken file brought of it becomes the sign for an unreadable character. */
function toPostgresValue(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value
}
