/** Parsers under spoiled files: each gives a sound document or an error of the catalogue that names the file. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { findParser, parserCatalog } from '../../src/knowledge/ingestion/parsers/catalog.ts'
import { checkDocument, generousLimits } from '../../src/testing/parser-suite.ts'
import type { FuzzFamily, FuzzInput } from './fuzz-target.ts'
import { writtenFiles } from './written-files.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Real files that may stand beside the project; without them the sample company and the written ones do. */
const FOLDERS = ['examples/handbook', '../shared/data/documents']
const MOST_BYTES = 60_000
/** Each sound file must be worth its turn. */
const MOST_FILES = 40

export const parserFamilies: readonly FuzzFamily[] = parserCatalog.map((extension) => ({
  group: 'parsers',
  name: extension.id,
  open: async () => {
    const parser = extension.create(extension.parseOptions({}), {})
    const sound = soundFiles(extension.id)
    assert(sound.length > 0, `no sound file of the format ${extension.id} is at hand: add one to written-files.ts`)
    return {
      sound,
      attempt: async ({ name, bytes }) => {
        try {
          checkDocument(await parser.parse({ path: name, bytes, limits: generousLimits }))
          return 'text'
        } catch (error) {
          assert(isTouchstoneError(error), `not of the catalogue: ${String(error)}`)
          assert.notEqual(error.code, 'INTERNAL')
          assert.equal(error.details['path'], name)
          return error.code
        }
      },
      close: async () => {},
    }
  },
}))

function soundFiles(parser: string): FuzzInput[] {
  const found = [...writtenFiles(), ...FOLDERS.flatMap((folder) => smallFiles(join(ROOT, folder)))]
  return found.filter((file) => findParser(file.name, file.bytes)?.id === parser).slice(0, MOST_FILES)
}

function smallFiles(folder: string): FuzzInput[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, path: join(entry.parentPath, entry.name) }))
    .sort((left, right) => (left.path < right.path ? -1 : 1))
    .map(({ name, path }) => ({ name, bytes: readFileSync(path), foreign: !path.startsWith(ROOT) }))
    .filter(({ bytes }) => bytes.length <= MOST_BYTES)
}
