/** Where a golden set and what belongs to it stand on disk, and what is in these files. Knows paths and formats; knows nothing of what a case is. */
import { readFile, stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse as parseYaml } from 'yaml'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { caseReaders } from './case-records.ts'

const MODULES = ['.ts', '.mts', '.js', '.mjs']

export interface DatasetFiles {
  /** dataset.yaml; absent for a single file. */
  readonly about?: string
  readonly cases: string
  /** Salts and commitments; beside the cases, whether it exists or not. */
  readonly lock: string
  /** Who looked at the sealed part, one line each. */
  readonly looks: string
}

export interface DatasetContent {
  /** What dataset.yaml, or a suite file beside its cases, says. */
  readonly about: unknown
  /** `where` names file and line for whoever corrects it. */
  readonly records: readonly { readonly where: string; readonly value: unknown }[]
}

/** @param problems gets what is wrong when nothing is returned */
export async function findDatasetFiles(path: string, problems: string[]): Promise<DatasetFiles | undefined> {
  if (await isFile(path)) {
    const stem = path.slice(0, path.length - extname(path).length)
    if (extname(path) in caseReaders || MODULES.includes(extname(path)))
      return { cases: path, lock: `${stem}.lock.json`, looks: `${stem}.looks.jsonl` }
    problems.push(`its ending is not one of ${[...Object.keys(caseReaders), ...MODULES].join(', ')}`)
    return undefined
  }
  const about = join(path, 'dataset.yaml')
  if (!(await isFile(about))) {
    problems.push('there is neither a file of that name nor a folder with a dataset.yaml')
    return undefined
  }
  const cases = await findCases(path, problems)
  return cases === undefined ? undefined : { about, cases, lock: join(path, 'lock.json'), looks: join(path, 'looks.jsonl') }
}

async function findCases(path: string, problems: string[]): Promise<string | undefined> {
  const candidates = Object.keys(caseReaders).map((ending) => join(path, `cases${ending}`))
  const present = (await Promise.all(candidates.map(async (each) => ((await isFile(each)) ? [each] : [])))).flat()
  if (present.length === 1) return present[0]
  problems.push(
    present.length === 0
      ? `it has none of ${candidates.map((each) => basename(each)).join(', ')}`
      : `it has several files of cases (${present.map((each) => basename(each)).join(', ')}); keep one`,
  )
  return undefined
}

/** @param problems gets one line for each thing that could not be read; the rest is still given */
export async function readDatasetFiles(files: DatasetFiles, problems: string[]): Promise<DatasetContent> {
  if (isSuiteModule(files.cases)) return readModule(files.cases, problems)
  const about = files.about === undefined ? undefined : await readAbout(files.about, problems)
  const file = basename(files.cases)
  const read = caseReaders[extname(files.cases)]?.(await readFile(files.cases, 'utf8')) ?? { records: [], problems: [] }
  problems.push(...read.problems.map(({ line, reason }) => `${file}:${line}: ${reason}`))
  return { about, records: read.records.map(({ line, value }) => ({ where: `${file}:${line}`, value })) }
}

/** Whether the cases stand in a program, which nobody but a person edits. */
export function isSuiteModule(path: string): boolean {
  return MODULES.includes(extname(path))
}

export function nameOfDataset(path: string): string {
  return basename(resolve(path)).replace(/\.\w+$/, '')
}

async function readAbout(path: string, problems: string[]): Promise<unknown> {
  try {
    return parseYaml(await readFile(path, 'utf8')) as unknown
  } catch (error) {
    problems.push(`dataset.yaml: ${messageOf(error)}`)
    return undefined
  }
}

async function readModule(path: string, problems: string[]): Promise<DatasetContent> {
  const file = basename(path)
  const url = pathToFileURL(resolve(path))
  // Node remembers modules by their URL; a file that changed since is another one.
  url.searchParams.set('changed', String((await stat(path)).mtimeMs))
  let content: unknown
  try {
    content = ((await import(url.href)) as { default?: unknown }).default
  } catch (error) {
    problems.push(`${file}: ${messageOf(error)}`)
    return { about: undefined, records: [] }
  }
  if (typeof content !== 'object' || content === null || !('cases' in content) || !Array.isArray(content.cases)) {
    problems.push(`${file}: its default export is not \`defineSuite({ description, cases: [...] })\``)
    return { about: undefined, records: [] }
  }
  const { cases, ...about } = content
  return { about, records: (cases as unknown[]).map((value, at) => ({ where: `${file}, cases[${at}]`, value })) }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
