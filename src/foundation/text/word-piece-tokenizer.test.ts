import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeEmbeddingFile } from '../../adapters/builtin/static-embedding/embedding-file.ts'
import { createWordPieceTokenizer } from './word-piece-tokenizer.ts'

const { vocabulary } = decodeEmbeddingFile(
  readFileSync(new URL('../../adapters/builtin/static-embedding/static-embedding.bin', import.meta.url)),
)
const tokenize = createWordPieceTokenizer(vocabulary)
const written = (text: string) =>
  tokenize(text)
    .map((piece) => vocabulary[piece])
    .join(' ')

const ROWS: readonly (readonly [text: string, pieces: string, why: string])[] = [
  ['Hello, world!', 'hello , world !', 'case, punctuation'],
  ['unaffable', 'una ##ffa ##ble', 'longest match first'],
  ["don't re-use it", "don ' t re - use it", 'apostrophe and hyphen part words'],
  ['Naïve café', 'naive cafe', 'accents'],
  ['nai\u0308ve', 'naive', 'accents as marks of their own'],
  ['zero\u200bwidth so\u00adft', 'zero ##wi ##dt ##h soft', 'format characters join'],
  ['a\u00a0b\u3000c\td\ne', 'a b c d e', 'white space of every kind'],
  ['ΑΣ', 'α ##σ', 'no final sigma: each letter folds by itself'],
  ['€5 + 3%', '€ ##5 + 3 %', 'symbols within a word, punctuation apart'],
  ['中文 text', 'text', 'a script that is not covered'],
  ['\u{1f600} ok', 'ok', 'an unknown word is left out'],
  ['[UNK] ##able', '[ un ##k ] # # able', 'markers in a text are text'],
  ['x'.repeat(101), '', 'a word of more than a hundred characters'],
  ['', '', 'empty'],
  [' \n\t', '', 'blank'],
]
test('a text becomes the pieces that BERT gives it [B6]', () => {
  for (const [text, pieces, why] of ROWS) assert.equal(written(text), pieces, why)
})

test('with [UNK] in the vocabulary an unknown word is that piece', () => {
  const known = ['[UNK]', 'play', '##ing', '##s']
  assert.deepEqual(createWordPieceTokenizer(known)('plays Playing swimming'), [1, 3, 1, 2, 0])
})

test('a cased vocabulary keeps case and accents', () => {
  const cased = createWordPieceTokenizer(['[UNK]', 'Café', 'cafe'], { lowercase: false, stripAccents: false })
  assert.deepEqual(cased('Café cafe CAFE'), [1, 2, 0])
})

test('any text has pieces of the vocabulary, and case does not matter', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const pieces = tokenize(text)
      assert.ok(pieces.every((piece) => vocabulary[piece] !== undefined))
      const plain = text.replace(/[^a-zA-Z0-9 ]/g, '')
      assert.deepEqual(tokenize(plain.toUpperCase()), tokenize(plain.toLowerCase()))
    }),
  )
})
