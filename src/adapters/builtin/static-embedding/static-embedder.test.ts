import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { cosine } from '../../../foundation/statistics/unit-vectors.ts'
import { decodeEmbeddingFile, encodeEmbeddingFile } from './embedding-file.ts'
import { createStaticEmbedder, embedderOf } from './static-embedder.ts'

const file = readFileSync(new URL('./static-embedding.bin', import.meta.url))
const embedding = decodeEmbeddingFile(file)
const embedder = createStaticEmbedder()
const similarity = (a: string, b: string) => cosine(embedder.embed(a), embedder.embed(b))
/** How many standard deviations a pair stands above unrelated sentences. */
const standing = (a: string, b: string) => (similarity(a, b) - embedder.background.mean) / embedder.background.deviation

test('the file is the one that was measured', () => {
  assert.equal(
    createHash('sha256').update(file).digest('hex'),
    '1b929177b28f3c6357bb3fa7dfd3cc450f5ab29da001b14acdb6c75191ab54fb',
  )
  assert.ok(file.length <= 8_500_000, `${file.length} bytes`)
  const { header, vocabulary, rows, scales } = embedding
  assert.equal(header.dimensions, 256)
  assert.equal(new Set(vocabulary).size, header.pieces)
  assert.equal(rows.length, header.pieces * header.dimensions)
  assert.equal(scales.length, header.pieces)
  assert.ok(scales.every((scale) => scale > 0 && Number.isFinite(scale)))
})

test('writing what was read gives the same bytes', () => assert.ok(encodeEmbeddingFile(embedding).equals(file)))

test('NOTICE names what the file was made from', () => {
  const notice = readFileSync(new URL('../../../../NOTICE', import.meta.url), 'utf8')
  for (const name of ['Touchstone', 'all-MiniLM-L6-v2', 'WordNet 3.0 Copyright 2006 by Princeton University']) {
    assert.ok(notice.includes(name), name)
  }
})

const DAMAGED: readonly (readonly [why: string, bytes: Buffer])[] = [
  ['empty', Buffer.alloc(0)],
  ['another file', Buffer.from('%PDF-1.7 and so on')],
  ['no header', Buffer.concat([file.subarray(0, 12), Buffer.from('}'), file.subarray(13)])],
  ['cut in the rows', file.subarray(0, 1_000_000)],
  ['cut in the vocabulary', file.subarray(0, file.length - 5000)],
]
for (const [why, bytes] of DAMAGED) {
  test(`a damaged file is refused: ${why}`, () => {
    assert.throws(
      () => decodeEmbeddingFile(bytes),
      (error) => isTouchstoneError(error, 'EMBEDDING_CORRUPT'),
    )
  })
}

test('a text with a known word has unit length, and the same vector each time', () => {
  const again = embedderOf(embedding)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const vector = embedder.embed(`${text} holiday`)
      assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5)
      assert.deepEqual(again.embed(`${text} holiday`), vector)
    }),
  )
})

test('a text without known pieces is all zeros, and like nothing', () => {
  for (const text of ['', ' \n', '東京', '\u{1f600}']) {
    const vector = embedder.embed(text)
    assert.equal(vector.length, embedder.dimensions)
    assert.ok(vector.every((value) => value === 0))
    assert.equal(similarity(text, 'holiday'), 0)
  }
})

/** Said differently, and something else that a company also writes about. */
const RELATED: readonly (readonly [text: string, same: string, other: string])[] = [
  ['nanny', 'childcare', 'invoice'],
  ['dad', 'father', 'server'],
  ['laptop', 'notebook', 'resign'],
  ['quit', 'resign', 'meal'],
  ['salary', 'pay', 'laptop'],
  ['dinner', 'meal', 'salary'],
  ['holiday', 'vacation', 'password'],
  ['buy', 'purchase', 'sick'],
  ['my computer is broken', 'repair of faulty laptops', 'claiming travel expenses'],
  ['how do I get my money back for a flight', 'reimbursement of travel costs', 'parental leave for fathers'],
  ['time off for a new baby', 'parental leave', 'password rules'],
  ['who do I tell that I am ill', 'report a sick day to your manager', 'booking a meeting room'],
]
test('what is said in other words lies nearer than something else [B6]', () => {
  for (const [text, same, other] of RELATED) {
    assert.ok(similarity(text, same) > similarity(text, other) + 0.1, `${text}: ${same} against ${other}`)
    assert.ok(standing(text, same) > 2, `${text} ~ ${same}: ${standing(text, same)}`)
  }
})
