import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { indexDefinition } from './compose-index.ts'
import { configuredChunker } from './configured-chunker.ts'
import { checkConfig } from './load-config.ts'

const definitionOf = async (index: object): Promise<string> => {
  const { config } = await checkConfig({ index }, 'touchstone.config.ts')
  return indexDefinition(configuredChunker(config.index.chunker).definition).name
}

test('another size of chunks is another index; the default written out is none [A3]', async () => {
  const plain = await definitionOf({})
  assert.equal(await definitionOf({ chunker: { kind: 'heading-path', targetWords: 150, maxWords: 220 } }), plain)
  assert.notEqual(await definitionOf({ chunker: { kind: 'heading-path', targetWords: 100, maxWords: 150 } }), plain)
})

const problems: readonly (readonly [what: string, chunker: object, problem: RegExp])[] = [
  ['an unknown chunker', { kind: 'late' }, /index\.chunker\.kind: there is no "late"; known: heading-path/],
  ['a size out of bounds', { kind: 'heading-path', targetWords: 1 }, /index\.chunker\.targetWords: /],
  ['an option that it does not have', { kind: 'heading-path', overlap: 20 }, /index\.chunker\..*overlap/],
]
for (const [what, chunker, problem] of problems) {
  test(`${what} is CONFIG_INVALID and named by its place [A3]`, () =>
    assert.rejects(definitionOf({ chunker }), (error) => {
      assert(isTouchstoneError(error, 'CONFIG_INVALID'), String(error))
      assert.match(error.message, problem)
      return true
    }))
}
