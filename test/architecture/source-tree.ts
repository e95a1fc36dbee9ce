/** The files of the project as the rules see them: each is read and parsed once. Knows where things lie, not what is allowed. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseSourceFile, type SourceFile } from './source-file.ts'

export const projectRoot = resolve(import.meta.dirname, '../..')

/** Not ours, or made anew by a command. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', '.touchstone', 'coverage'])

/** All files below a folder of the project, relative to the root, with `/`, sorted. A missing folder has none. */
export function listFiles(folder = '.', root = projectRoot): readonly string[] {
  const found: string[] = []
  const visit = (relative: string): void => {
    for (const entry of readFolder(join(root, relative))) {
      const path = relative === '.' ? entry.name : `${relative}/${entry.name}`
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) visit(path)
      } else if (entry.isFile()) found.push(path)
    }
  }
  visit(folder)
  return found.sort()
}

const parsed = new Map<string, SourceFile>()

/** The parsed TypeScript files below these folders. */
export function readSourceTree(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    listFiles(folder)
      .filter((path) => path.endsWith('.ts'))
      .map(readSourceFile),
  )
}

function readSourceFile(path: string): SourceFile {
  const known = parsed.get(path)
  if (known) return known
  const file = parseSourceFile(path, readFileSync(join(projectRoot, path), 'utf8'))
  parsed.set(path, file)
  return file
}

/** Tests and what only tests use. */
export function isTestFile(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('test/') || path.startsWith('bench/')
}

/** Exported tests that every implementation of a contract runs: as long as tests are. */
export function isContractSuite(path: string): boolean {
  return path.startsWith('src/testing/') && path.endsWith('-suite.ts')
}

/** Large tables may be long: their length is not complexity. */
export function isDataFile(path: string): boolean {
  return path.endsWith('.data.ts')
}

export function folderOf(path: string): string {
  return dirname(path)
}

function readFolder(path: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function readEntries(path: string) {
  return readdirSync(path, { withFileTypes: true })
}
