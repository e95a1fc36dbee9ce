/** `touchstone sources`: what is connected, how it stands, what is wrong with it; removing what was added, releasing what was restored. */
import type { HealthFinding, SourceHealth } from '../../../contracts/source-health.ts'
import type { SourceStatus } from '../../../contracts/source-status.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { liftRestoreMark } from '../../../foundation/storage/restore-marks.ts'
import type { CommonOptions } from '../common-options.ts'
import { countOf } from '../count-of.ts'
import { withApplication } from '../open-application.ts'
import { setExitCode, terminal } from '../terminal.ts'

const SHOWN_EXAMPLES = 5

export async function sources(options: CommonOptions & { readonly health?: boolean }): Promise<void> {
  const health = options.health === true
  const items = await withApplication(options, (application) => application.sources({ health }))
  const isFailed = (item: SourceStatus): boolean => item.health?.findings.some(({ severity }) => severity === 'failed') ?? false
  if (items.some(isFailed)) setExitCode(1)
  if (options.json === true) return terminal.printJson({ items })
  if (items.length === 0)
    terminal.print('No source is configured. Run `npx touchstone init`, or `npx touchstone ingest --path DIR`.')
  for (const item of items) if (item.health === undefined) printStatus(item)
  if (health && items.length > 0) printHealth(items)
}

export async function removeSource(id: string, options: CommonOptions): Promise<void> {
  await withApplication(options, async (application) => {
    const { audit, tenant } = application
    await application.removeSource(id)
    await audit.append({ tenant, actor: 'command-line', action: 'source.remove', target: id })
  })
  if (options.json === true) return terminal.printJson({ removed: id })
  terminal.print(`Removed ${id} and its documents.`)
}

function printStatus(item: SourceStatus): void {
  const read = item.lastSyncAtMs === null ? 'never read' : `read ${new Date(item.lastSyncAtMs).toISOString()}`
  const counts = [countOf(item.documents, 'document'), countOf(item.chunks, 'chunk'), countOf(item.failures, 'failure')].join(
    ', ',
  )
  const withheld = item.withheld === undefined ? '' : ` · ${terminal.style('red', `withheld (${item.withheld})`)}`
  terminal.print(`${terminal.style('bold', item.id)} (${item.kind}, ${item.state}) · ${counts} · ${read}${withheld}`)
}

function printHealth(items: readonly SourceStatus[]): void {
  const rows = items.map(({ id, kind, documents, failures, health, withheld }) => [
    id,
    kind,
    String(documents),
    String(failures),
    health === undefined || health.lagMs === null ? 'never' : duration(health.lagMs),
    bound(health),
    withheld === undefined ? 'yes' : 'WITHHELD',
  ])
  const table = [['SOURCE', 'KIND', 'DOCUMENTS', 'FAILED', 'SYNC AGE', 'BOUND', 'SERVED'], ...rows]
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  for (const [at, row] of table.entries()) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
    terminal.print(at === 0 ? terminal.style('dim', line.trimEnd()) : line.trimEnd())
  }
  for (const { id, health } of items) for (const finding of health?.findings ?? []) printFinding(id, finding)
  if (items.every(({ health }) => health?.findings.length === 0)) terminal.print('\nNothing needs attention.')
}

function printFinding(source: string, finding: HealthFinding): void {
  const mark = finding.severity === 'failed' ? terminal.style('red', '✗') : terminal.style('yellow', '!')
  terminal.print(`\n${mark} ${terminal.style('bold', source)}: ${finding.message}`)
  terminal.print(`  ${finding.cure}`)
  for (const { documents, message } of finding.examples.slice(0, SHOWN_EXAMPLES))
    terminal.print(
      terminal.style(
        'dim',
        `    ${documents.join(finding.problem === 'near-duplicates' ? ' ≈ ' : ' = ')}${message === undefined ? '' : `: ${message}`}`,
      ),
    )
  if (finding.examples.length > SHOWN_EXAMPLES) terminal.print(terminal.style('dim', '    … (--json lists more)'))
}

function bound(health: SourceHealth | undefined): string {
  return health === undefined || health.maxLagMinutes === null ? 'none' : duration(health.maxLagMinutes * 60_000)
}

/** The largest unit that leaves a whole number above one. */
function duration(ms: number): string {
  const minutes = ms / 60_000
  if (minutes < 1) return `${Math.round(ms / 1_000)} s`
  if (minutes < 120) return `${Math.round(minutes)} min`
  return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} d`
}

/** After a restore: an administrator has looked at what the source's documents may show, and to whom. */
export async function releaseSource(id: string, options: CommonOptions): Promise<void> {
  const released = await withApplication(options, async ({ foundation, audit, tenant, sources: list }) => {
    const known = (await list({})).map((source) => source.id)
    if (!known.includes(id)) throw new TouchstoneError('SOURCE_UNKNOWN', { details: { source: id, known } })
    const done = await liftRestoreMark(foundation.state, tenant, ['source', 'declared'], id)
    if (done) await audit.append({ tenant, actor: 'command-line', action: 'source.release', target: id })
    return done
  })
  if (options.json === true) return terminal.printJson({ id, released })
  terminal.print(released ? `${id} may be read again.` : `${id} was not withheld.`)
}
