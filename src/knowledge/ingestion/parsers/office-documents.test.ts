/** Real office files that other programs wrote: what each must say, and where. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Place } from '../../../contracts/place.ts'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { checkDocument, generousLimits } from '../../../testing/parser-suite.ts'
import { findParser } from './catalog.ts'

const folder = fileURLToPath(new URL('../../../../../shared/data/documents', import.meta.url))
const skip = existsSync(folder) ? false : 'no ../shared/data/documents'

const parse = (path: string) => {
  const bytes = readFileSync(join(folder, path))
  const parser = findParser(path, bytes)
  assert(parser !== undefined, path)
  return parser.create({}, {}).parse({ path, bytes: Uint8Array.from(bytes), limits: generousLimits })
}

const blocks: readonly (readonly [path: string, text: string, place: Place | undefined])[] = [
  ['sample-presentation.pptx', 'Title Slide', { slide: 1 }],
  ['sample-presentation.pptx', 'And a list of bulleted information', { slide: 2 }],
  ['sample-presentation.pptx', 'Table: 1; A: A1; B: B1; C: C1', { slide: 4 }],
  ['fake-power-point-malformed.pptx', 'Test Slide', { slide: 1 }],
  ['language-docs/eng_spa_mult.pptx', 'Testing multiple languages', { slide: 1 }],
  ['emoji.xlsx', '🤠😅', { sheet: 'Sheet1', cells: 'A2' }],
  ['xlsx-subtable-cases.xlsx', 'c; d; e', { sheet: 'Sheet1', cells: 'A3:D3' }],
  ['language-docs/eng_spa.xlsx', 'Espanol', { sheet: 'Spanish', cells: 'A1' }],
  ['simple.odt', 'This is my first thought. This is my second thought.', undefined],
  ['simple.odt', 'Hockey', undefined],
]
for (const [path, text, place] of blocks)
  test(`${path} says "${text}" [A2]`, { skip }, async () => {
    const parsed = await parse(path)
    const found = parsed.blocks.find((block) => parsed.text.slice(block.start, block.end) === text)
    assert(found !== undefined, parsed.text.slice(0, 2000))
    assert.deepEqual(found.place, place)
  })

test('every office file gives a sound document or a catalogued error, cut off at any length too [A2]', { skip }, async () => {
  for (const path of globSync('**/*.{docx,xlsx,pptx,odt}', { cwd: folder })) {
    const bytes = readFileSync(join(folder, path))
    const parser = findParser(path, bytes)?.create({}, {})
    for (const share of [1, 0.999, 0.9, 0.5, 0.1]) {
      const cut = Uint8Array.from(bytes.subarray(0, Math.floor(bytes.length * share)))
      await parser?.parse({ path, bytes: cut, limits: generousLimits }).then(checkDocument, (error: unknown) => {
        assert(isTouchstoneError(error) && error.code !== 'INTERNAL', `${path}: ${String(error)}`)
      })
    }
  }
})
