/** `touchstone export`: a recorded run, or the cases of a suite, as a file that another tool opens. */
import { createWriteStream, existsSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { loadDataset } from '../../../lifecycle/evaluation/datasets/load-dataset.ts'
import { caseFormatCatalog } from '../../../lifecycle/interchange/cases/catalog.ts'
import { readRecordedRun } from '../../../lifecycle/interchange/read-recorded-run.ts'
import { runFormatCatalog } from '../../../lifecycle/interchange/runs/catalog.ts'
import type { CommonOptions } from '../common-options.ts'
import { terminal } from '../terminal.ts'

export interface ExportOptions extends CommonOptions {
  readonly format: string
  readonly to: string
  readonly from?: string
}

interface Exported {
  readonly what: 'records' | 'cases'
  readonly count: number
  readonly text: Iterable<string>
}

export async function exportRecords(place: string, { format, to, from, json }: ExportOptions): Promise<void> {
  if (existsSync(to)) throw refuse('--to', `${to} exists`)
  const { what, count, text } = isSuite(place) ? await exportCases(place, format) : await exportRun(place, format, from)
  await pipeline(Readable.from(text), createWriteStream(to, { flags: 'wx' }))
  if (json === true) terminal.printJson({ format, file: to, [what]: count })
  else terminal.print(`${count} ${what} as ${format} in ${to}`)
}

/** A folder with a description; everything else is a file of a run. */
function isSuite(place: string): boolean {
  return existsSync(place) && statSync(place).isDirectory() && existsSync(`${place}/dataset.yaml`)
}

async function exportCases(place: string, format: string): Promise<Exported> {
  const write = caseFormatCatalog.find((each) => each.id === format)?.write
  if (write === undefined) throw refuse('--format', `cases are written as ${writable(caseFormatCatalog)}, not as ${format}`)
  const { cases } = await loadDataset(place)
  return { what: 'cases', count: cases.length, text: write(cases) }
}

async function exportRun(place: string, format: string, from: string | undefined): Promise<Exported> {
  const write = runFormatCatalog.find((each) => each.id === format)?.write
  if (write === undefined) throw refuse('--format', `runs are written as ${writable(runFormatCatalog)}, not as ${format}`)
  const run = await readRecordedRun(place, from)
  return { what: 'records', count: run.records.length, text: write(run) }
}

function writable(catalog: readonly { readonly id: string; readonly write?: unknown }[]): string {
  return catalog.flatMap(({ id, write }) => (write === undefined ? [] : [id])).join(', ')
}

function refuse(name: string, reason: string): TouchstoneError {
  return new TouchstoneError('ARGUMENT_INVALID', { details: { name, reason, command: 'export' } })
}
