/** `touchstone eval check` and `eval erase`: what a golden set is worth, and a case taken out of it for good. Needs no data folder. */
import { readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../foundation/concurrency/clock.ts'
import { systemIds } from '../../../foundation/concurrency/random.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { filesBelow } from '../../../foundation/storage/durable-files.ts'
import { checkDataset, type DatasetCheck } from '../../../lifecycle/evaluation/datasets/check-dataset.ts'
import { lockCases, writeLock } from '../../../lifecycle/evaluation/datasets/dataset-lock.ts'
import { eraseCases } from '../../../lifecycle/evaluation/datasets/erase-cases.ts'
import { loadDataset } from '../../../lifecycle/evaluation/datasets/load-dataset.ts'
import type { KnownText } from '../../../lifecycle/evaluation/datasets/similar-cases.ts'
import type { CommonOptions } from '../common-options.ts'
import { setExitCode, terminal } from '../terminal.ts'

export interface EvalCheckOptions extends CommonOptions {
  readonly against?: readonly string[]
  readonly lock?: boolean
}

/** Exit code 1 when something is wrong with the set, or a case stands in one of the texts. */
export async function checkSuite(suite: string, options: EvalCheckOptions): Promise<void> {
  const first = await loadDataset(suite)
  if (options.lock === true)
    await writeLock(
      first.files.lock,
      lockCases(first.cases, first.lock, (count) => systemIds.bytes(count)),
    )
  const dataset = options.lock === true ? await loadDataset(suite) : first
  const check = await checkDataset(dataset, readTexts(options.against ?? []))
  if (check.problems.length + check.contaminated.length > 0) setExitCode(1)
  if (options.json === true) return terminal.printJson(check)
  printCheck(check)
}

export interface EvalEraseOptions extends CommonOptions {
  readonly why: string
  readonly by?: string
}

export async function eraseFromSuite(suite: string, ids: readonly string[], options: EvalEraseOptions): Promise<void> {
  const at = new Date(systemClock.now()).toISOString()
  const erased = await eraseCases(suite, ids, { at, by: options.by ?? userInfo().username, why: options.why })
  const { version } = await loadDataset(suite)
  if (options.json === true) return terminal.printJson({ erased, version })
  terminal.print(`erased ${erased.join(', ')}; the version is ${version}, as before`)
}

async function* readTexts(paths: readonly string[]): AsyncGenerator<KnownText> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined)
    if (found === undefined)
      throw new TouchstoneError('ARGUMENT_INVALID', {
        details: { name: '--against', reason: `there is no ${path}`, command: 'eval check' },
      })
    const files = found.isDirectory() ? (await filesBelow(path)).map((file) => join(path, file)) : [path]
    for (const name of files) {
      const text = await readFile(name, 'utf8')
      // What is no text has no sentences to be found in.
      if (!text.includes('\0')) yield { name, text }
    }
  }
}

function printCheck({ name, version, problems, duplicates, contaminated, slices, datasheet }: DatasetCheck): void {
  const { cases, clusters, expecting, askers, splits, looks, locked, erased } = datasheet
  terminal.print(`${name} ${version}${locked ? ', locked' : ''}`)
  terminal.print(`${cases} cases in ${clusters} clusters, ${askers} askers, ${erased} erased`)
  terminal.print(`expecting facts ${expecting.facts}, abstention ${expecting.abstention}, checked otherwise ${expecting.checks}`)
  for (const [key, values] of Object.entries(slices)) terminal.print(`slice ${key}: ${listed(values)}`)
  if (Object.keys(splits).length > 0) terminal.print(`splits: ${listed(splits)}; looks at the sealed one: ${looks}`)
  for (const [title, text] of Object.entries({ purpose: datasheet.purpose, 'approved by': datasheet.approvedBy }))
    if (text !== undefined) terminal.print(`${title}: ${text}`)
  for (const group of duplicates)
    terminal.print(`nearly the same${group.expectSame ? '' : ', expecting otherwise'}: ${group.cases.join(', ')}`)
  for (const each of contaminated)
    terminal.print(`contaminated: ${each.case} stands in ${each.text} (${Math.round(each.share * 100)} %)`)
  for (const problem of problems) terminal.print(`problem: ${problem}`)
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([value, count]) => `${value} ${count}`)
    .join(', ')
}
