/** A golden set from disk: read, checked as a whole, named by its content. Knows nothing of systems or scores. */
import { readFile, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../../../foundation/hashing/content-hash.ts'
import { caseReaders } from './case-records.ts'
import { parseCase } from './case-schema.ts'

export interface Dataset {
  readonly name: string
  /** Content hash of the cases: equal cases in any order and any format have equal versions. */
  readonly version: string
  /** What dataset.yaml says: purpose, description, changes. Empty for a single file. */
  readonly about: Readonly<Record<string, unknown>>
  readonly cases: readonly EvaluationCase[]
}

const aboutSchema = z.looseObject({ name: z.string().min(1).optional(), description: z.string().min(1) })

/**
 * Reads a folder with `dataset.yaml` and one of `cases.yaml`, `cases.jsonl`, `cases.csv`, or a single file of these formats.
 * @throws TouchstoneError DATASET_INVALID naming every problem at once, each with its file, line, case and path
 */
export async function loadDataset(path: string): Promise<Dataset> {
  const problems: string[] = []
  const files = await findFiles(path, problems)
  const about = files.about === undefined ? {} : await readAbout(files.about, problems)
  const cases = files.cases === undefined ? [] : await readCases(files.cases, problems)
  if (problems.length === 0 && cases.length === 0) problems.push('it has no cases')
  if (problems.length > 0) {
    const listed = problems.map((problem) => `  ${problem}`).join('\n')
    throw new TouchstoneError('DATASET_INVALID', { details: { path, count: problems.length, problems: listed } })
  }
  const name = typeof about['name'] === 'string' ? about['name'] : basename(resolve(path)).replace(/\.\w+$/, '')
  return { name, version: versionOf(cases), about, cases }
}

async function findFiles(path: string, problems: string[]): Promise<{ about?: string; cases?: string }> {
  if (await isFile(path)) {
    if (extname(path) in caseReaders) return { cases: path }
    problems.push(`its ending is not one of ${Object.keys(caseReaders).join(', ')}`)
    return {}
  }
  const about = join(path, 'dataset.yaml')
  if (!(await isFile(about))) {
    problems.push('there is neither a file of that name nor a folder with a dataset.yaml')
    return {}
  }
  const candidates = Object.keys(caseReaders).map((ending) => join(path, `cases${ending}`))
  const present = (await Promise.all(candidates.map(async (each) => ((await isFile(each)) ? [each] : [])))).flat()
  const [cases] = present
  if (cases !== undefined && present.length === 1) return { about, cases }
  problems.push(
    present.length === 0
      ? `it has none of ${candidates.map((each) => basename(each)).join(', ')}`
      : `it has several files of cases (${present.map((each) => basename(each)).join(', ')}); keep one`,
  )
  return { about }
}

async function readAbout(path: string, problems: string[]): Promise<Readonly<Record<string, unknown>>> {
  try {
    const result = aboutSchema.safeParse(parseYaml(await readFile(path, 'utf8')))
    if (result.success) return result.data
    problems.push(...result.error.issues.map((issue) => `dataset.yaml, ${issue.path.join('.')}: ${issue.message}`))
  } catch (error) {
    problems.push(`dataset.yaml: ${messageOf(error)}`)
  }
  return {}
}

async function readCases(path: string, problems: string[]): Promise<readonly EvaluationCase[]> {
  const file = basename(path)
  const read = caseReaders[extname(path)]?.(await readFile(path, 'utf8')) ?? { records: [], problems: [] }
  problems.push(...read.problems.map(({ line, reason }) => `${file}:${line}: ${reason}`))
  const cases: EvaluationCase[] = []
  const lineOfId = new Map<string, number>()
  for (const { line, value } of read.records) {
    const id = idOf(value)
    const where = `${file}:${line}${id === undefined ? '' : `, case ${id}`}`
    const parsed = parseCase(value)
    if ('problems' in parsed) {
      problems.push(...parsed.problems.map((each) => `${where}${each.path === '' ? '' : `, ${each.path}`}: ${each.reason}`))
    } else cases.push(parsed.testCase)
    if (id === undefined) continue
    const earlier = lineOfId.get(id)
    if (earlier === undefined) lineOfId.set(id, line)
    else problems.push(`${where}: the id stands at line ${earlier} already; ids pair runs, so each names one case`)
  }
  return cases
}

function idOf(value: unknown): string | undefined {
  const id: unknown = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'string' ? id : undefined
}

function versionOf(cases: readonly EvaluationCase[]): string {
  return contentHash(canonicalJson(cases.toSorted((left, right) => (left.id < right.id ? -1 : 1))))
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
