/** Which sources a restore has closed to everybody, whatever their permissions say. Knows its marks; knows nothing of age or configuration. */
import type { RestoreWithholding } from '../../contracts/source-status.ts'
import { restoreMarks } from '../storage/restore-marks.ts'
import type { StateDatabase } from '../storage/state-schema.ts'

/**
 * By source: brought back and not read since (`restored`), or not released (`unreleased`); every source while users and groups
 * are those of a backup that nobody has confirmed (`unconfirmed`).
 */
export async function withheldSources(db: StateDatabase, tenant: string): Promise<ReadonlyMap<string, RestoreWithholding>> {
  const marks = await restoreMarks(db, tenant)
  const withheld = new Map<string, RestoreWithholding>()
  if (marks.some(({ kind }) => kind === 'directory')) {
    const rows = await db.selectFrom('scopes').select('source').distinct().where('tenant', '=', tenant).execute()
    for (const { source } of rows) withheld.set(source, 'unconfirmed')
  }
  for (const { kind, id } of marks) {
    if (kind === 'source') withheld.set(id, 'restored')
    if (kind === 'declared') withheld.set(id, 'unreleased')
  }
  return withheld
}
