/** `touchstone index rebuild`: the index again from the stored texts. */
import { withBackupParts } from '../../backup/backup-parts.ts'
import { rebuildIndex } from '../../backup/rebuild-index.ts'
import { loadConfig } from '../../load-config.ts'
import type { CommonOptions } from '../common-options.ts'
import { drawStep, interruptSignal } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export async function rebuild(options: CommonOptions): Promise<void> {
  const loaded = await loadConfig(options.config)
  const report = await withBackupParts(loaded, { dataDirectory: options.data }, (parts) =>
    rebuildIndex(parts, drawStep, interruptSignal()),
  ).finally(() => terminal.endProgress())
  if (options.json === true) return terminal.printJson(report)
  terminal.print(`${report.rebuilt} documents indexed · ${report.seconds.toFixed(1)} s`)
  if (report.unreadable > 0) terminal.print(`${report.unreadable} documents come back with the next \`npx touchstone ingest\`.`)
}
