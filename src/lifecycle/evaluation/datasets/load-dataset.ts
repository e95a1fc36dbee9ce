/** A golden set from disk: read, checked as a whole, named by its content. Knows nothing of systems or scores. */
import { basename } from 'node:path'
import type { CaseCheck, EvaluationCase } from '../../../contracts/evaluation.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { caseHash, hashCases } from './case-hash.ts'
import { formatPath, parseCase } from './case-schema.ts'
import { findDatasetFiles, nameOfDataset, readDatasetFiles, type DatasetContent, type DatasetFiles } from './dataset-files.ts'
import { readLock, saltOf, verifyLock, type DatasetLock } from './dataset-lock.ts'
import { aboutSchema, type SuiteAbout } from './suite-schema.ts'

export interface Dataset {
  readonly name: string
  /**
   * Content hash of the cases: equal cases in any order and any format have equal versions. With a lock that the cases agree
   * with, the lock's hash, which stays when a case is erased.
   */
  readonly version: string
  /** What dataset.yaml says: purpose, description, changes. Empty for a single file. */
  readonly about: Readonly<Record<string, unknown>>
  /** Of all splits, also the sealed one: put to a system only what `selectSplit` gives. */
  readonly cases: readonly EvaluationCase[]
  /** What every case is scored by, beside its own checks and expectations. */
  readonly scorers: readonly CaseCheck[]
  /** Ids of cases by the name of their part; cases of no part are in none. */
  readonly splits: Readonly<Record<string, readonly string[]>>
  /** For records of runs, by case id. */
  readonly caseHashes: ReadonlyMap<string, string>
  readonly files: DatasetFiles
  readonly lock?: DatasetLock
  /** In what the cases differ from their lock. */
  readonly lockProblems: readonly string[]
}

/**
 * Reads a folder with `dataset.yaml` and one of `cases.yaml`, `cases.jsonl`, `cases.csv`, or a single file of these formats, or a
 * TypeScript or JavaScript file whose default export is `defineSuite(…)`.
 * @throws TouchstoneError DATASET_INVALID naming every problem at once, each with its file, line, case and path
 */
export async function loadDataset(path: string): Promise<Dataset> {
  const problems: string[] = []
  const files = await findDatasetFiles(path, problems)
  const content = files && (await readDatasetFiles(files, problems))
  const about = parseAbout(content?.about, basename(files?.about ?? files?.cases ?? path), problems)
  const cases = content === undefined ? [] : parseCases(content, about?.scorers !== undefined, problems)
  if (problems.length === 0 && cases.length === 0) problems.push('it has no cases')
  const lock = files && (await readLock(files.lock))
  const splits = expandSplits(about?.splits ?? {}, cases, lock, problems)
  if (files === undefined || problems.length > 0) throw invalidDataset(path, problems)
  const lockProblems = lock === undefined ? [] : verifyLock(lock, cases)
  return {
    name: about?.name ?? nameOfDataset(path),
    version: lock !== undefined && lockProblems.length === 0 ? lock.set : hashCases(cases),
    about: about ?? {},
    cases,
    scorers: about?.scorers ?? [],
    splits,
    caseHashes: new Map(cases.map((testCase) => [testCase.id, caseHash(testCase, saltOf(lock, testCase.id))])),
    files,
    ...(lock === undefined ? {} : { lock }),
    lockProblems,
  }
}

export function invalidDataset(path: string, problems: readonly string[]): TouchstoneError {
  const listed = problems.map((problem) => `  ${problem}`).join('\n')
  return new TouchstoneError('DATASET_INVALID', { details: { path, count: problems.length, problems: listed } })
}

function parseAbout(written: unknown, file: string, problems: string[]): SuiteAbout | undefined {
  if (written === undefined) return undefined
  const result = aboutSchema.safeParse(written)
  if (result.success) return result.data
  problems.push(...result.error.issues.map((issue) => `${file}, ${formatPath(issue.path)}: ${issue.message}`))
  return undefined
}

function parseCases({ records }: DatasetContent, hasSuiteScorers: boolean, problems: string[]): readonly EvaluationCase[] {
  const cases: EvaluationCase[] = []
  const placeOfId = new Map<string, string>()
  const claim = (id: string, where: string): void => {
    const earlier = placeOfId.get(id)
    if (earlier === undefined) placeOfId.set(id, where)
    else
      problems.push(
        `${where}, case ${id}: the id stands at ${placeWords(earlier)} already; ids pair runs, so each names one case`,
      )
  }
  for (const { where, value } of records) {
    const id = idOf(value)
    const parsed = parseCase(value, hasSuiteScorers)
    if ('problems' in parsed) {
      const named = `${where}${id === undefined ? '' : `, case ${id}`}`
      problems.push(...parsed.problems.map((each) => `${named}${each.path === '' ? '' : `, ${each.path}`}: ${each.reason}`))
    } else {
      cases.push(...parsed.cases)
      for (const each of parsed.cases) if (each.id !== id) claim(each.id, where)
    }
    if (id !== undefined) claim(id, where)
  }
  return cases
}

/** `x.yaml:3` as `line 3`. */
function placeWords(where: string): string {
  return where.replace(/^.*:(\d+)$/, 'line $1')
}

function idOf(value: unknown): string | undefined {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'string' ? id : undefined
}

/** A conversation's id stands for its turns. An erased case may still be named. */
function expandSplits(
  written: Readonly<Record<string, readonly string[]>>,
  cases: readonly EvaluationCase[],
  lock: DatasetLock | undefined,
  problems: string[],
): Readonly<Record<string, readonly string[]>> {
  const splitOf = new Map<string, string>()
  const wasErased = (id: string): boolean => lock !== undefined && Object.hasOwn(lock.cases, id)
  const expanded = Object.entries(written).map(([split, names]) => {
    const ids = names.flatMap((name) => {
      const own = cases.filter(({ id }) => id === name || id.startsWith(`${name}/turn-`)).map(({ id }) => id)
      if (own.length === 0 && !wasErased(name)) problems.push(`splits.${split}: there is no case ${name}`)
      return own
    })
    for (const id of ids) {
      const other = splitOf.get(id)
      if (other !== undefined) problems.push(`splits.${split}: the case ${id} is in ${other} already`)
      splitOf.set(id, split)
    }
    return [split, ids] as const
  })
  return Object.fromEntries(expanded)
}
