/** `touchstone doctor`: looks at everything that could be wrong and says how to cure what is. */
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkEndpoint } from '../../../adapters/openai-compatible/check-endpoint.ts'
import { checkSqliteState } from '../../../adapters/sqlite/save-sqlite-state.ts'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import type { ComposedApplication } from '../../compose.ts'
import { openSearchOptions } from '../../index-engine.ts'
import { loadConfig, readSecret, type LoadedConfig } from '../../load-config.ts'
import { modelOptions } from '../../model-options.ts'
import { postgresUrl } from '../../open-state.ts'
import type { CommonOptions } from '../common-options.ts'
import { countOf } from '../count-of.ts'
import { withApplication } from '../open-application.ts'
import { setExitCode, terminal } from '../terminal.ts'
import { sourceObstacle } from './source-obstacle.ts'

interface Finding {
  readonly check: string
  readonly status: 'ok' | 'warning' | 'failed'
  readonly message: string
}

const LOW_DISK_BYTES = 2_000_000_000

export async function doctor(options: CommonOptions): Promise<void> {
  const findings = [checkNode(), await checkDisk(options.data)]
  const loaded = await loadConfig(options.config).catch((error: unknown) => messageOf(error))
  if (typeof loaded === 'string') findings.push({ check: 'configuration', status: 'failed', message: loaded })
  else findings.push(...(await checkLoaded(loaded, options)))
  if (findings.some((finding) => finding.status === 'failed')) setExitCode(1)
  if (options.json === true) return terminal.printJson({ items: findings })
  const marks = { ok: terminal.style('green', '✓'), warning: terminal.style('yellow', '!'), failed: terminal.style('red', '✗') }
  const width = Math.max(...findings.map(({ check }) => check.length))
  for (const { check, status, message } of findings) terminal.print(`${marks[status]} ${check.padEnd(width)} ${message}`)
}

function checkNode(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number)
  const message = `Node ${process.versions.node}`
  return major >= 24
    ? { check: 'node', status: 'ok', message }
    : { check: 'node', status: 'failed', message: `${message} is too old: install Node 24 or newer` }
}

async function checkDisk(data: string): Promise<Finding> {
  const folder = resolve(data)
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const message = `${folder} is writable, ${(free / 1e9).toFixed(1)} GB free`
    return free < LOW_DISK_BYTES
      ? { check: 'disk', status: 'warning', message: `${message}: free some space` }
      : { check: 'disk', status: 'ok', message }
  } catch (error) {
    return {
      check: 'disk',
      status: 'failed',
      message: `${folder} cannot be written (${messageOf(error)}): choose another with --data`,
    }
  }
}

async function checkLoaded(loaded: LoadedConfig, options: CommonOptions): Promise<Finding[]> {
  const { config } = loaded
  const counted = `${countOf(Object.keys(config.sources).length, 'source')}, ${countOf(loaded.users.length, 'user')}, ${countOf(Object.keys(config.features).length, 'feature')}`
  const findings: Finding[] = [{ check: 'configuration', status: 'ok', message: `${loaded.path}: ${counted}` }]
  if (loaded.users.length === 0)
    findings.push({ check: 'users', status: 'warning', message: 'nobody is known, so nobody can ask: add users under access' })
  for (const [name, model] of Object.entries(config.models)) findings.push(await checkModel(name, model))
  const state = await checkStore(loaded)
  if (state !== undefined) findings.push(state)
  const cluster = await checkCluster(loaded)
  if (cluster !== undefined) findings.push(cluster)
  if (state?.status === 'failed' || cluster?.status === 'failed') return findings
  try {
    const isFile = config.store.postgres === undefined
    const path = join(options.data, 'state.sqlite')
    if (isFile && existsSync(path)) checkSqliteState(path)
    findings.push(...(await withApplication(options, (application) => checkState(application, isFile, loaded))))
  } catch (error) {
    findings.push({ check: 'state, index', status: 'failed', message: messageOf(error) })
  }
  return findings
}

/** A state in PostgreSQL is looked at by itself, so that its own trouble is told apart from that of what is in it. */
async function checkStore(loaded: LoadedConfig): Promise<Finding | undefined> {
  const { postgres } = loaded.config.store
  if (postgres === undefined) return undefined
  try {
    const { checkPostgres } = await import('../../../adapters/postgres/check-postgres.ts')
    const { location, version, warnings } = await checkPostgres({
      url: postgresUrl(loaded, postgres),
      poolSize: postgres.poolSize,
    })
    const message = [`PostgreSQL ${version} at ${location}`, ...warnings].join('; ')
    return { check: 'state', status: warnings.length > 0 ? 'warning' : 'ok', message }
  } catch (error) {
    return { check: 'state', status: 'failed', message: messageOf(error) }
  }
}

/** An index in a cluster likewise. */
async function checkCluster(loaded: LoadedConfig): Promise<Finding | undefined> {
  const check = 'index engine'
  try {
    const options = openSearchOptions(loaded)
    if (options === undefined) return undefined
    const { checkOpenSearch } = await import('../../../adapters/opensearch/check-opensearch.ts')
    const { location, version, warnings } = await checkOpenSearch(options, {
      vectors: loaded.config.index.embedding !== null,
    })
    const message = [`OpenSearch ${version} at ${location}`, ...warnings].join('; ')
    return { check, status: warnings.length > 0 ? 'warning' : 'ok', message }
  } catch (error) {
    return { check, status: 'failed', message: messageOf(error) }
  }
}

async function checkModel(name: string, model: LoadedConfig['config']['models'][string]): Promise<Finding> {
  if (model.apiKey !== undefined && readSecret(model.apiKey) === undefined)
    return { check: `model ${name}`, status: 'failed', message: `the environment variable ${model.apiKey.env} is not set` }
  const found = await checkEndpoint(modelOptions(name, model), AbortSignal.timeout(10_000)).catch((error: unknown) =>
    messageOf(error),
  )
  const message = typeof found === 'string' ? found : `${model.url} answers`
  return { check: `model ${name}`, status: typeof found === 'string' ? 'failed' : 'ok', message }
}

function checkIndex({ missing, disagreeing }: Awaited<ReturnType<ComposedApplication['compareIndex']>>): Finding {
  const check = 'index'
  if (missing.length > 0) {
    const message = `${missing.length} documents are missing or damaged in it: run \`npx touchstone index rebuild\``
    return { check, status: 'failed', message }
  }
  if (disagreeing.length > 0) {
    const message = `${disagreeing.length} documents wait to be settled: the next \`npx touchstone ingest\` does it`
    return { check, status: 'warning', message }
  }
  return { check, status: 'ok', message: 'agrees with the state' }
}

async function checkState(application: ComposedApplication, isFile: boolean, loaded: LoadedConfig): Promise<Finding[]> {
  await application.checkReady()
  const sources = await application.sources()
  return [
    ...(isFile ? [{ check: 'state', status: 'ok', message: 'every page is sound' } as const] : []),
    checkIndex(await application.compareIndex()),
    ...sources.map((source): Finding => {
      const check = `source ${source.id}`
      const obstacle = sourceObstacle(source.id, loaded)
      if (obstacle !== undefined) return { check, status: 'failed', message: obstacle }
      if (source.lastSyncAtMs === null) return { check, status: 'warning', message: 'never read: run `npx touchstone ingest`' }
      const counts = `${countOf(source.documents, 'document')}, ${countOf(source.chunks, 'chunk')}`
      if (source.withheld !== undefined)
        return { check, status: 'failed', message: `${counts}, withheld: \`npx touchstone sources --health\` says why` }
      if (source.state === 'failed')
        return { check, status: 'failed', message: `${counts}; the last run failed: run \`npx touchstone ingest\`` }
      return source.failures > 0
        ? { check, status: 'warning', message: `${counts}, ${source.failures} failed: \`npx touchstone ingest\` lists them` }
        : { check, status: 'ok', message: counts }
    }),
  ]
}
