/** `touchstone restore`: brings a backup back, and says what stays closed until somebody confirms it. */
import { withBackupParts } from '../../backup/backup-parts.ts'
import { restoreBackup, type RestoreReport } from '../../backup/restore-backup.ts'
import { loadConfig } from '../../load-config.ts'
import type { CommonOptions } from '../common-options.ts'
import { drawStep, interruptSignal } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export async function restore(directory: string, options: CommonOptions & { readonly replace?: boolean }): Promise<void> {
  const replace = options.replace === true
  const loaded = await loadConfig(options.config)
  const report = await withBackupParts(loaded, { dataDirectory: options.data, replaceDamaged: replace }, (parts) =>
    restoreBackup(parts, directory, { replace }, drawStep, interruptSignal()),
  ).finally(() => terminal.endProgress())
  if (options.json === true) return terminal.printJson(report)
  printReport(report)
}

function printReport({ documents, index, withheld, continued, createdAt, seconds }: RestoreReport): void {
  const { restored, kept, removed } = documents
  terminal.print(
    `Backup of ${createdAt}: ${restored} documents restored, ${kept} as they were, ${removed} removed · ${seconds.toFixed(1)} s`,
  )
  if (index.rebuilt > 0) terminal.print(`${index.rebuilt} documents were indexed again from their texts.`)
  if (index.unreadable > 0) terminal.print(`${index.unreadable} documents come back with the next \`npx touchstone ingest\`.`)
  terminal.print(
    continued
      ? 'This state is newer than the backup: users, groups, keys and permissions stay as they are now.'
      : 'This state is not the one that was backed up: what the backup allows stays closed until it is confirmed.',
  )
  if (withheld.sources.length > 0)
    terminal.print(`Withheld until they are read again (a running server begins now): ${withheld.sources.join(', ')}`)
  if (withheld.sources.length > 0) terminal.print('  npx touchstone ingest')
  for (const source of withheld.declared)
    terminal.print(`Withheld until you release it: npx touchstone sources release ${source}`)
  if (withheld.directory) {
    terminal.print('Everything is withheld until you have looked at users and groups:')
    terminal.print('  npx touchstone access users\n  npx touchstone access confirm')
  }
  for (const key of withheld.keys) terminal.print(`Revoked until you confirm it: npx touchstone keys confirm ${key}`)
}
