/** `touchstone trace`: the stages of one request. */
import type { TraceId } from '../../../contracts/identity.ts'
import type { CommonOptions } from '../common-options.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export async function trace(id: string, options: CommonOptions & { readonly as?: string }): Promise<void> {
  const found = await withApplication(options, (application) =>
    application.trace(
      options.as === undefined ? 'administrator' : { tenant: application.tenant, user: options.as },
      id as TraceId,
    ),
  )
  if (options.json === true) return terminal.printJson(found)
  const who = found.actor === undefined ? (found.user ?? '-') : `${found.user ?? '-'} by ${found.actor}`
  terminal.print(
    `${terminal.style('bold', found.kind)} ${found.id} · ${found.status} · ${who} · ${new Date(found.startedAtMs).toISOString()}`,
  )
  terminal.print(`release ${found.release ?? '-'} · ${found.durationMs} ms`)
  for (const span of found.spans) {
    const at = Math.round((span.startMs / Math.max(found.durationMs, 0.01)) * 30)
    const width = Math.max(1, Math.round((span.durationMs / Math.max(found.durationMs, 0.01)) * 30))
    const bar = ' '.repeat(Math.min(at, 30)) + '█'.repeat(Math.min(width, 31 - Math.min(at, 30)))
    terminal.print(`  ${span.name.padEnd(12)} ${bar.padEnd(32)} ${span.durationMs.toFixed(1).padStart(8)} ms ${span.error ?? ''}`)
  }
  for (const [name, value] of Object.entries(found.attributes)) terminal.print(`  ${name}: ${String(value)}`)
  for (const document of found.documents) terminal.print(terminal.style('dim', `  ${document}`))
}
