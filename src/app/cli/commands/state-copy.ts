/** `touchstone state copy`: moves an installation's state to another database, proves that it arrived, and says what comes next. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { systemClock } from '../../../foundation/concurrency/clock.ts'
import { systemIds } from '../../../foundation/concurrency/random.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { copyState, type CopiedTable, type CopyProgress } from '../../../foundation/storage/copy-state.ts'
import type { Lease } from '../../../foundation/storage/lease.ts'
import type { OpenState } from '../../../foundation/storage/open-state.ts'
import { takeIngestLease } from '../../ingest-lease.ts'
import { loadConfig, readSecret } from '../../load-config.ts'
import { isPostgresUrl, openPostgres, openSqlite, openState } from '../../open-state.ts'
import type { CommonOptions } from '../common-options.ts'
import { interruptSignal } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export interface StateCopyOptions extends CommonOptions {
  readonly to: string
  readonly from?: string
  readonly replace?: boolean
}

const PARTS = { clock: systemClock, ids: systemIds }
const CONNECTIONS = 3

export async function copyStateCommand(options: StateCopyOptions): Promise<void> {
  const opened: OpenState[] = []
  const open = async (opening: Promise<OpenState>): Promise<OpenState> => {
    const store = await opening
    opened.push(store)
    return store
  }
  try {
    const from = await open(options.from === undefined ? openConfigured(options) : openNamed('--from', options.from))
    const to = await open(openNamed('--to', options.to))
    if (from.location === to.location) throw invalid('--to', `${to.location} is where the state is already`)
    const began = systemClock.elapsed()
    const tables = await copyAlone(from, to, options)
    report({ from: from.location, to: to.location, tables, seconds: (systemClock.elapsed() - began) / 1_000 }, options)
  } finally {
    terminal.endProgress()
    for (const store of opened) await store.close()
  }
}

/** No run may write documents meanwhile, at either side: what it wrote after the copy's moment would be lost. */
async function copyAlone(from: OpenState, to: OpenState, options: StateCopyOptions): Promise<readonly CopiedTable[]> {
  const leases: Lease[] = []
  try {
    for (const store of [from, to])
      for (const tenant of await tenantsOf(from, to)) leases.push(await takeIngestLease(store, tenant, PARTS))
    const signal = AbortSignal.any([interruptSignal(), ...leases.map((lease) => lease.lost)])
    return await copyState(from.db, to.db, { replace: options.replace === true, onProgress: drawProgress, signal })
  } finally {
    for (const lease of leases) await lease.release()
  }
}

async function tenantsOf(...stores: readonly OpenState[]): Promise<string[]> {
  const found = stores.map(({ db }) => db.selectFrom('sources').select('tenant').distinct().execute())
  return [...new Set((await Promise.all(found)).flat().map(({ tenant }) => tenant))].sort()
}

async function openConfigured(options: StateCopyOptions): Promise<OpenState> {
  return openState(await loadConfig(options.config), options.data, PARTS)
}

/** A URL of PostgreSQL, `env:NAME` for a variable that holds one, or a data folder. */
async function openNamed(option: '--from' | '--to', place: string): Promise<OpenState> {
  const variable = /^env:(.+)$/.exec(place)?.[1]
  const address = variable === undefined ? place : readSecret({ env: variable })
  if (address === undefined || address === '')
    throw invalid(option, variable === undefined ? 'names no place' : `the environment variable ${variable} is not set`)
  if (isPostgresUrl(address)) return openPostgres(address, CONNECTIONS, PARTS)
  const path = join(resolve(address), 'state.sqlite')
  if (option === '--from' && !existsSync(path)) throw invalid(option, `there is no state in ${resolve(address)}`)
  return openSqlite(path, PARTS)
}

function invalid(name: string, reason: string): TouchstoneError {
  return new TouchstoneError('ARGUMENT_INVALID', { details: { name, reason, command: 'state copy' } })
}

function drawProgress({ phase, table, rows }: CopyProgress): void {
  terminal.progress(`${phase.padEnd(9)} ${table.padEnd(18)} ${rows}`)
}

interface CopyReport {
  readonly from: string
  readonly to: string
  readonly tables: readonly CopiedTable[]
  readonly seconds: number
}

function report({ from, to, tables, seconds }: CopyReport, options: StateCopyOptions): void {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  if (options.json === true) return terminal.printJson({ from, to, rows, seconds: Math.round(seconds * 1_000) / 1_000, tables })
  for (const table of tables)
    terminal.print(`${table.name.padEnd(18)} ${String(table.rows).padStart(9)}  ${table.hash.slice(0, 16)}`)
  terminal.print(`${rows} rows in ${seconds.toFixed(1)} s; both sides have the same rows with the same content.`)
  if (to.startsWith('postgres:')) {
    terminal.print(`\nFrom now on: store: { postgres: { url: { env: 'DATABASE_URL' } } } in the configuration.`)
    terminal.print('The index stays in the data folder; keep --data as it is. Restart what runs.')
  }
}
