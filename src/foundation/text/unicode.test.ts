import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldDigits, foldLatinDiacritics, foldText, foldWithOffsets } from './unicode.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('a', 'İ', 'ß', 'Σ', 'ﬁ', '\u00ad', '\u0301', ' ', '\u00a0', 'ｶ', 'ﾞ', '\u1100', '\u1161', '¨', '\n'),
  }),
)

test('texts that differ only in encoding fold to one [A8]', () => {
  for (const [text, folded] of [
    ['  Ｆｕｌｌ　ｗｉｄｔｈ\n\ttext ', 'full width text'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['cafe\u0301', 'café'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδός', 'οδόσ'],
    ['Ver\u00adtrag', 'vertrag'],
    ['ﬁnance', 'finance'],
    ['ｶﾞｽ', 'ガス'],
    ['', ''],
  ] as const)
    assert.equal(foldText(text), folded, text)
})

test('folding is idempotent, leaves no double space, and folding with offsets folds alike', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const folded = foldText(text)
      assert.equal(foldText(folded), folded)
      assert.doesNotMatch(folded, /\s\s|^\s|\s$/u)
      assert.equal(foldWithOffsets(text).text, folded)
    }),
    { numRuns: 2000 },
  )
})

test('offsets lead back, ascending and inside the original', () => {
  const original = ' The  ﬁrst Straße\n'
  const { text, toOriginal } = foldWithOffsets(original)
  const start = text.indexOf('strasse')
  assert.equal(original.slice(toOriginal(start), toOriginal(start + 'strasse'.length)), 'Straße')
  fc.assert(
    fc.property(anyText, (input) => {
      const folded = foldWithOffsets(input)
      let last = 0
      for (let offset = 0; offset <= folded.text.length; offset++) {
        const at = folded.toOriginal(offset)
        assert.ok(at >= last && at <= input.length)
        last = at
      }
    }),
  )
})

test('diacritics go from Latin letters only; digits of every script become 0-9 [A8]', () => {
  assert.equal(foldLatinDiacritics('crème brûlée æther øl łódź'), 'creme brulee aether ol lodz')
  assert.equal(foldLatinDiacritics('й हिन्दी が ά'), 'й हिन्दी が ά')
  assert.equal(foldDigits('२०२६ ٣٫٥ ๔๒'), '2026 3٫5 42')
})

test('a megabyte folds with its offsets', () => {
  assert.equal(foldWithOffsets('Añb  '.repeat(200_000)).text.length, 200_000 * 4 - 1)
})
