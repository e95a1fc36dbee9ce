/** How fresh each source is and what is wrong with it and its documents, each with its cure. Reads only; decides nothing. */
import type { HealthFinding, HealthProblem, SourceHealth } from '../../contracts/source-health.ts'
import type { SourceStatus } from '../../contracts/source-status.ts'
import type { ServedSources, SourceStanding } from '../../foundation/access/served-sources.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { checkDocuments, type DocumentCheckParts } from './document-checks.ts'

export interface HealthParts extends Omit<DocumentCheckParts, 'nowMs'> {
  readonly served: ServedSources
  readonly clock: Clock
}

/** The same sources, each with its health. */
export async function addHealth(
  sources: readonly SourceStatus[],
  { served, clock, ...parts }: HealthParts,
): Promise<readonly (SourceStatus & { readonly health: SourceHealth })[]> {
  const standings = new Map((await served.standings(parts.tenant)).map((standing) => [standing.id, standing]))
  const found = Map.groupBy(await checkDocuments({ ...parts, nowMs: clock.now() }), ({ source }) => source)
  return sources.map((status) => {
    const standing = standings.get(status.id)
    const documents = (found.get(status.id) ?? []).map(({ source: _source, ...finding }): HealthFinding => finding)
    const findings = [...sourceFindings(status, standing), ...documents]
    return {
      ...status,
      health: {
        lagMs: standing?.lagMs ?? null,
        maxLagMinutes: standing?.maxLagMs === undefined ? null : standing.maxLagMs / 60_000,
        isLagExceeded: standing?.isLagExceeded ?? false,
        findings: findings.toSorted((left, right) => rank(left) - rank(right)),
      },
    }
  })
}

function sourceFindings({ id, state, withheld, documents }: SourceStatus, standing: SourceStanding | undefined): HealthFinding[] {
  const read = `run \`npx touchstone ingest --source ${id}\``
  const restored = restoreFinding(id, read, withheld)
  if (restored !== undefined) return [restored]
  if (standing?.connection === 'removed') {
    const message = 'It stands in the configuration no longer; what is kept of it is withheld.'
    const cure = 'Run `npx touchstone ingest` to delete it, or name it in the configuration again.'
    return [{ ...ofSource('removed', 'failed', message, cure), documents }]
  }
  const neverRead = standing === undefined || standing.lastSyncAtMs === null
  if (neverRead && state !== 'failed')
    return [ofSource('never-read', 'warning', 'It was never read completely.', `${capital(read)}.`)]
  const failed =
    state === 'failed'
      ? [ofSource('sync-failed', 'failed', 'The last run failed.', `${capital(read)}: it says why, and how to cure it.`)]
      : []
  if (neverRead || !standing.isLagExceeded) return failed
  const minutes = (standing.maxLagMs ?? 0) / 60_000
  const reason =
    standing.lagMs === null
      ? 'Its last sync lies in the future, so a clock was wrong: its documents are withheld.'
      : `Its last sync is older than ${minutes} minutes: its documents are withheld.`
  const cure = `${capital(read)} or keep a server running; sources.${id}.maxLagMinutes is the bound.`
  return [ofSource('lag-exceeded', 'failed', reason, cure), ...failed]
}

function restoreFinding(id: string, read: string, withheld: SourceStatus['withheld']): HealthFinding | undefined {
  if (withheld === 'restored') {
    const message = 'A restore brought it back: its documents are withheld until it has been read again.'
    return ofSource(withheld, 'failed', message, `${capital(read)}.`)
  }
  if (withheld === 'unreleased') {
    const message = 'A restore brought it back, and its permissions are those of the backup: its documents are withheld.'
    return ofSource(
      withheld,
      'failed',
      message,
      `Look at who could read them, then run \`npx touchstone sources release ${id}\`.`,
    )
  }
  if (withheld !== 'unconfirmed') return undefined
  const message = 'Users and groups are those of a backup: everything is withheld.'
  const cure = 'Look at `npx touchstone access users`, then run `npx touchstone access confirm`.'
  return ofSource(withheld, 'failed', message, cure)
}

function ofSource(problem: HealthProblem, severity: HealthFinding['severity'], message: string, cure: string): HealthFinding {
  return { problem, severity, documents: 0, message, cure, examples: [] }
}

function rank({ severity }: HealthFinding): number {
  return severity === 'failed' ? 0 : 1
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
