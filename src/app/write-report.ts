/** A file that a person asked for on the command line. Knows paths; knows nothing of what stands in it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, TouchstoneError } from '../foundation/errors/touchstone-error.ts'

/** With the folders that lead to it. @throws TouchstoneError REPORT_UNWRITABLE */
export async function writeReport(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (error) {
    throw new TouchstoneError('REPORT_UNWRITABLE', { details: { path, reason: messageOf(error) }, cause: error })
  }
}
