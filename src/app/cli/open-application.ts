/** Opens the product for one command, reads the sources first when the state is empty, and closes it again. */
import type { IngestProgress } from '../application.ts'
import type { ComposedApplication } from '../compose.ts'
import type { CommonOptions } from './common-options.ts'
import { terminal } from './terminal.ts'

/**
 * @param options.ingestFirst whether an empty state is filled before the command runs
 */
export async function withApplication<Result>(
  options: CommonOptions & { readonly ingestFirst?: boolean },
  work: (application: ComposedApplication, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  // Before anything is opened: whatever is open when the signal comes is closed properly.
  const signal = interruptSignal()
  const { loadConfig } = await import('../load-config.ts')
  const { composeApplication } = await import('../compose.ts')
  const loaded = await loadConfig(options.config)
  const application = await composeApplication(loaded, { dataDirectory: options.data, log: (text) => terminal.note(text) })
  try {
    if (options.ingestFirst === true) {
      const standing = await application.indexStanding()
      if (standing !== undefined) terminal.note(standing)
      await application.ingestWhenEmpty({ onProgress: drawProgress, signal })
    }
    return await work(application, signal)
  } finally {
    terminal.endProgress()
    await application.close()
  }
}

/** Aborts at the first Ctrl-C; the second ends the process as usual. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  process.once('SIGTERM', () => controller.abort())
  return controller.signal
}

export function drawProgress(progress: IngestProgress): void {
  drawStep(progress)
  if (progress.phase === 'finishing') terminal.endProgress()
}

export function drawStep(progress: { phase: string; done: number; total: number; document?: string }): void {
  const width = 28
  const share = progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total)
  const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░')
  terminal.progress(`${progress.phase.padEnd(9)} ${bar} ${progress.done}/${progress.total} ${progress.document ?? ''}`)
}
