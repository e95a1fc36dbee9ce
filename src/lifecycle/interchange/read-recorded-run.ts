/** A recorded run from a file of any format that is known. Knows how a format and one of several runs are chosen; knows no format. */
import { existsSync } from 'node:fs'
import type { RecordedRun } from '../../contracts/recorded-run.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { invalidFile, openExchangeFile, type ExchangeFile } from './files/exchange-file.ts'
import { runFormatCatalog } from './runs/catalog.ts'
import type { RunFormat } from './runs/run-format.ts'

/**
 * @param place `FILE`, or `FILE#PART`: one of the systems that the file measured, or for TREC runs the judgements
 * @param format id of the catalogue; recognised by the content when absent
 * @throws TouchstoneError RUN_FORMAT_UNKNOWN, RUN_NOT_CHOSEN (lists what the file holds), RUN_FILE_INVALID
 */
export async function readRecordedRun(place: string, format?: string): Promise<RecordedRun> {
  const { path, part } = splitPlace(place)
  const file = await openExchangeFile(path)
  const reader = findFormat(file, format)
  const runs = await reader.read(file, part)
  const run = chooseRun(file, runs, reader.part === 'target' ? part : undefined)
  if (run.records.length === 0) throw invalidFile(path, 'it has no records')
  return run
}

/** A name may hold `#` itself. */
function splitPlace(place: string): { readonly path: string; readonly part?: string } {
  const at = place.indexOf('#')
  if (at < 0 || existsSync(place)) return { path: place }
  return { path: place.slice(0, at), part: place.slice(at + 1) }
}

function findFormat(file: ExchangeFile, wanted: string | undefined): RunFormat {
  const found = runFormatCatalog.find((each) => (wanted === undefined ? each.recognises(file) : each.id === wanted))
  if (found !== undefined) return found
  const known = runFormatCatalog.map(({ id }) => id).join(', ')
  throw new TouchstoneError('RUN_FORMAT_UNKNOWN', { details: { path: file.path, known } })
}

function chooseRun(file: ExchangeFile, runs: readonly RecordedRun[], part: string | undefined): RecordedRun {
  const [only] = runs
  if (only === undefined) throw invalidFile(file.path, 'it has no records')
  if (part === undefined && runs.length === 1) return only
  const chosen = runs.find(({ target }) => target === part)
  if (chosen !== undefined) return chosen
  const known = runs.map(({ target }) => target).join(', ')
  const reason = part === undefined ? 'none was chosen' : `"${part}" is none of them`
  throw new TouchstoneError('RUN_NOT_CHOSEN', { details: { path: file.path, count: runs.length, reason, known } })
}
