/** `touchstone ingest`: brings the index up to date and says what could not be read, with the cure. */
import type { CommonOptions } from '../common-options.ts'
import { countOf } from '../count-of.ts'
import type { ComposedApplication } from '../../compose.ts'
import { drawProgress, drawStep, withApplication } from '../open-application.ts'
import { setExitCode, terminal } from '../terminal.ts'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'

export interface IngestOptions extends CommonOptions {
  readonly source?: string
  readonly path?: string
  readonly readers?: string
}

const SHOWN_FAILURES = 20
const UNDECLARED =
  'Without --readers a document is read by those whom an access.yaml or its front matter names, otherwise by nobody: ' +
  '`npx touchstone sources --health` tells which.'

export async function ingest(options: IngestOptions): Promise<void> {
  if (options.readers !== undefined && options.path === undefined) throw invalid('--readers', 'goes with --path')
  if (options.source !== undefined && options.path !== undefined) throw invalid('--source', 'does not go with --path')
  const report = await withApplication(options, async (application, signal) => {
    const readers = options.readers?.split(',').map((principal) => principal.trim())
    const source = options.path === undefined ? options.source : await application.addFolder(options.path, readers)
    const done = await application.ingest({ onProgress: drawProgress, signal, ...(source === undefined ? {} : { source }) })
    await followConfiguration(application, signal)
    return done
  })
  // A failure of a whole source carries the source's name alone; a script must not take that for a fresh index.
  if (report.failures.some(({ document }) => !document.includes(':'))) setExitCode(1)
  if (options.json === true) return terminal.printJson(report)
  const { added, changed, deleted, unchanged, failed } = report.documents
  terminal.print(
    `${added} added, ${changed} changed, ${deleted} deleted, ${unchanged} unchanged, ${failed} failed · ${countOf(report.chunks, 'chunk')} · ${report.seconds.toFixed(1)} s`,
  )
  if (options.path !== undefined && options.readers === undefined) terminal.note(UNDECLARED)
  for (const failure of report.failures.slice(0, SHOWN_FAILURES))
    terminal.print(`  ${terminal.style('red', failure.code)} ${failure.document}: ${failure.message}`)
  if (report.failures.length > SHOWN_FAILURES)
    terminal.print(`  … and ${report.failures.length - SHOWN_FAILURES} more (--json lists all)`)
}

/** What was read is read, whatever becomes of another index. */
async function followConfiguration(application: ComposedApplication, signal: AbortSignal): Promise<void> {
  const draw = (done: number, total: number): void => drawStep({ phase: 'indexing', done, total })
  try {
    const report = await application.followConfiguration({ signal, onProgress: draw })
    terminal.endProgress()
    if (report !== undefined)
      terminal.note(`The index ${report.serving} serves now; ${report.previous} is kept for the way back.`)
    const standing = await application.indexStanding()
    if (standing !== undefined) terminal.note(standing)
  } catch (error) {
    if (signal.aborted) throw error
    terminal.note(`The configured index does not serve yet: ${messageOf(error)}`)
    setExitCode(1)
  }
}

function invalid(name: string, reason: string): TouchstoneError {
  return new TouchstoneError('ARGUMENT_INVALID', { details: { name, reason, command: 'ingest' } })
}
