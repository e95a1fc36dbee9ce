/** What every parser promises, as tests. Knows the contract; knows no format. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { ParsedDocument } from '../contracts/document.ts'
import type { PlaceFields } from '../contracts/place.ts'
import type { ParserExtension, ParserLimits } from '../contracts/parser.ts'
import { isTouchstoneError } from '../foundation/errors/touchstone-error.ts'

export interface ParserFixture {
  /** Ends as the format's files do. */
  readonly path: string
  readonly bytes: Uint8Array
}

export const generousLimits: ParserLimits = { maxTextLength: 5_000_000, maxInflatedBytes: 100_000_000, maxPages: 1000 }

/** One spoiled file may take this long, on a busy machine. */
const SPOILED_TIMEOUT_MS = 20_000

/** @param fixtures at least one sound document of the format */
export function parserSuite<Options>(extension: ParserExtension<Options>, fixtures: readonly ParserFixture[]): void {
  const parser = extension.create(extension.parseOptions({}), {})
  const parse = ({ path, bytes }: ParserFixture, limits = generousLimits): Promise<ParsedDocument> =>
    parser.parse({ path, bytes: Uint8Array.from(bytes), limits })
  const [sound] = fixtures
  assert(sound !== undefined, 'the suite needs a fixture')

  describe(`parser ${extension.id} keeps the contract`, () => {
    test('says as data what it takes', () => {
      assert(extension.endings.every((ending) => /^[a-z0-9]+$/.test(ending)))
      assert.match(extension.mediaType, /^[a-z]+\/[\w.+-]+$/)
      assert.throws(() => extension.parseOptions({ unheardOf: 1 }), { code: 'CONFIG_INVALID' })
    })
    test('blocks are exact, disjoint, ascending, and hold all that is visible [A2]', async () => {
      for (const fixture of fixtures) checkDocument(await parse(fixture))
    })
    test('the same bytes give the same document', async () => {
      for (const fixture of fixtures) assert.deepEqual(await parse(fixture), await parse(fixture))
    })
    test('more text than allowed is refused', async () => {
      const { text } = await parse(sound)
      const limits = { ...generousLimits, maxTextLength: text.length - 1 }
      await assert.rejects(parse(sound, limits), { code: 'DOCUMENT_TOO_LARGE' })
    })
    test('an empty file has no text', async () => {
      const empty = parse({ path: sound.path, bytes: new Uint8Array() })
      await assert.rejects(
        empty,
        (error) => isTouchstoneError(error, 'DOCUMENT_EMPTY') || isTouchstoneError(error, 'PARSE_FAILED'),
      )
    })
    test(
      'spoiled bytes give a sound document or a catalogued error that names the path',
      { timeout: SPOILED_TIMEOUT_MS },
      async () => {
        await fc.assert(
          fc.asyncProperty(spoiled(fixtures), async (fixture) => {
            try {
              checkDocument(await parse(fixture))
            } catch (error) {
              assert(isTouchstoneError(error), `not of the catalogue: ${String(error)}`)
              assert.notEqual(error.code, 'INTERNAL')
              assert.equal(error.details['path'], fixture.path)
            }
          }),
          { numRuns: 60, seed: 7 },
        )
      },
    )
  })
}

/** Asserts what holds for every parsed document: offsets, order, plain text, plain metadata. */
export function checkDocument(document: ParsedDocument): void {
  const { text, blocks, metadata, title } = document
  assert(blocks.length > 0 && text.trim() !== '', 'a document has text')
  assert.doesNotMatch(text, /[\r\0]|^\uFEFF/)
  let end = 0
  for (const block of blocks) {
    assert.match(text.slice(end, block.start), end === 0 ? /^$/ : /^\n{1,2}$/, 'only line breaks stand between blocks')
    const own = text.slice(block.start, block.end)
    assert(block.end > block.start && own.trim() !== '' && own.trimEnd() === own, 'a block has text and ends with it')
    assert.equal(block.kind === 'heading', block.level !== undefined)
    if (block.level !== undefined) assert(block.level >= 1 && block.level <= 6)
    if (block.place !== undefined) checkPlace(block.place)
    end = block.end
  }
  assert.equal(end, text.length, 'nothing stands after the last block')
  assert.deepEqual(JSON.parse(JSON.stringify(metadata)), metadata)
  assert(title === undefined || (title !== '' && title === title.trim()))
}

function checkPlace({ part, attachment, sheet, cells, ...numbers }: PlaceFields): void {
  assert.equal(part === undefined, attachment === undefined)
  if (part !== undefined) assert(/^\d+(?:\.\d+)*$/.test(part) && attachment !== '')
  assert.equal(sheet === undefined, cells === undefined)
  if (cells !== undefined) assert(sheet !== '' && /^[A-Z]{1,3}[1-9]\d*(?::[A-Z]{1,3}[1-9]\d*)?$/.test(cells))
  for (const number of Object.values(numbers)) assert(Number.isInteger(number) && number >= 1)
}

/** Garbage, and fixtures cut off or with bytes overwritten. */
function spoiled(fixtures: readonly ParserFixture[]): fc.Arbitrary<ParserFixture> {
  const sound = fc.constantFrom(...fixtures)
  const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 20 })
  return fc.oneof(
    fc.tuple(sound, fc.uint8Array({ maxLength: 2000 })).map(([{ path }, bytes]) => ({ path, bytes })),
    fc.tuple(sound, fc.double({ min: 0, max: 1, noNaN: true })).map(([{ path, bytes }, share]) => ({
      path,
      bytes: bytes.slice(0, Math.floor(bytes.length * share)),
    })),
    fc.tuple(sound, edits).map(([{ path, bytes }, changes]) => {
      const copy = Uint8Array.from(bytes)
      for (const [share, value] of changes) copy[Math.floor(share * (copy.length - 1))] = value
      return { path, bytes: copy }
    }),
  )
}
