/** A consistent copy of a SQLite state, taken while others read and write. Knows SQLite's online backup; knows nothing of what is kept. */
import { open } from 'node:fs/promises'
import { backup, DatabaseSync } from 'node:sqlite'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { toStateError } from './state-error.ts'

/** All pages in one step: nothing is begun again because somebody wrote meanwhile, and writers do not wait (WAL). */
const EVERY_PAGE = 2 ** 31 - 1

/** @param to a file that does not exist yet @throws TouchstoneError STATE_CORRUPT, DISK_FULL */
export async function saveSqliteState(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { timeout: 15_000 })
  try {
    await backup(source, to, { rate: EVERY_PAGE })
    checkSqliteState(to, from)
    await using file = await open(to)
    await file.sync()
  } catch (error) {
    throw toStateError(error, from)
  } finally {
    source.close()
  }
}

/** Looks at every page and every index. @param shownPath named in the error @throws TouchstoneError STATE_CORRUPT */
export function checkSqliteState(path: string, shownPath = path): void {
  const database = new DatabaseSync(path, { timeout: 15_000, readOnly: true })
  try {
    const problems = database
      .prepare('pragma quick_check(3)')
      .all()
      .map((row) => String(row['quick_check']))
    if (problems.join() === 'ok') return
    throw new TouchstoneError('STATE_CORRUPT', { details: { path: shownPath, reason: problems.join('; ').slice(0, 300) } })
  } catch (error) {
    throw toStateError(error, shownPath)
  } finally {
    database.close()
  }
}
