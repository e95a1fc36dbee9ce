/** `touchstone backup`: a whole copy of state and index in a new folder, while others work. */
import { takeBackup } from '../../backup/take-backup.ts'
import { SECRETS_NOTE } from '../../backup/backup-manifest.ts'
import { withBackupParts } from '../../backup/backup-parts.ts'
import { loadConfig } from '../../load-config.ts'
import type { CommonOptions } from '../common-options.ts'
import { drawStep, interruptSignal } from '../open-application.ts'
import { terminal } from '../terminal.ts'
import { version } from '../version.ts'

export async function backup(directory: string, options: CommonOptions): Promise<void> {
  const loaded = await loadConfig(options.config)
  const report = await withBackupParts(loaded, { dataDirectory: options.data }, (parts) =>
    takeBackup(parts, directory, version, drawStep, interruptSignal()),
  ).finally(() => terminal.endProgress())
  if (options.json === true) return terminal.printJson(report)
  const { documents, chunks, users, keys } = report.counts
  const size = `${report.files} files, ${(report.bytes / 1e6).toFixed(1)} MB`
  terminal.print(
    `${report.path}: ${documents} documents, ${chunks} chunks, ${users} users, ${keys} keys · ${size} · ${report.seconds.toFixed(1)} s`,
  )
  if (report.index === null) terminal.note('The index is not inside: a restore makes it again from the stored texts.')
  terminal.note(SECRETS_NOTE)
}
