import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { createSeededRandom, type SeededRandom } from '../statistics/seeded-random.ts'
import { groupSimilar, NEARLY_THE_SAME } from './similar-texts.ts'
import { decodeSketch, encodeSketch, resemblance, sketchText } from './text-sketch.ts'

const alike = (left: string, right: string): number => resemblance(sketchText(left), sketchText(right))

const same: readonly [left: string, right: string, why: string][] = [
  ['Employees get 25 days.', 'employees   get\n25 days', 'case, space and punctuation'],
  ['**Employees** get _25_ days', '> Employees get 25 days', 'markup'],
  ['Café', 'Cafe\u0301', 'one character or two'],
  ['Ａｎｎｕａｌ leave', 'Annual leave', 'full-width letters'],
  ['soft\u00adhyphen', 'softhyphen', 'what nobody sees'],
  ['年次有給休暇は二十五日です', '年次有給休暇は、二十五日です。', 'a script without spaces'],
]
for (const [left, right, why] of same)
  test(`texts of the same words are the same: ${why} [A6]`, () => assert.equal(alike(left, right), 1))

const other: readonly [left: string, right: string, resembles: number, why: string][] = [
  ['', '', 0, 'nothing resembles nothing'],
  ['one', '', 0, 'nothing resembles something'],
  ['one two three four', 'four three two one', 0, 'the same words in another order'],
  ['one two three four five', 'one two three four six', 2 / 4, 'one word of five changed: two of four runs are shared'],
  ['a b c d e f', 'a b c', 1 / 4, 'a part'],
  ['有給休暇は二十五日です', '食堂は正午に開きます', 0, 'two sentences in a script without spaces'],
]
for (const [left, right, resembles, why] of other)
  test(`short texts are compared exactly: ${why} [A6]`, () => assert.equal(alike(left, right), resembles))

const words = fc.array(fc.constantFrom(...'leave travel policy days office fee team hire rate plan'.split(' ')), {
  maxLength: 400,
})

test('resemblance is symmetric, within [0, 1], 1 with itself, and survives storage [A6]', () => {
  fc.assert(
    fc.property(words, words, (left, right) => {
      const [one, two] = [sketchText(left.join(' ')), sketchText(right.join(' '))]
      const value = resemblance(one, two)
      assert.equal(value, resemblance(two, one))
      assert(value >= 0 && value <= 1)
      assert.equal(resemblance(one, one), left.length === 0 ? 0 : 1)
      assert.deepEqual(decodeSketch(Buffer.from(encodeSketch(one))), one)
    }),
  )
})

test('the estimate lies within four standard errors of the share of shared runs [A6]', () => {
  const random = createSeededRandom(3)
  for (let kept = 0; kept <= 1_000; kept += 50) {
    const fresh = (): string => `w${random.integer(1_000_000_000)}`
    const left = Array.from({ length: 1_002 }, fresh)
    const right = [...left.slice(0, kept), ...Array.from({ length: 1_002 - kept }, fresh)]
    const shared = Math.max(0, kept - 2)
    const exact = shared / (2_000 - shared)
    const error = Math.abs(alike(left.join(' '), right.join(' ')) - exact)
    assert(error <= 4 * Math.sqrt((exact * (1 - exact)) / 128) + 1e-9, `${exact}: off by ${error}`)
  }
})

interface Edit {
  readonly name: string
  readonly edit: (text: string, random: SeededRandom) => string
  /** Share of variants that must be found, at least; at most, for what is another text. */
  readonly atLeast?: number
  readonly atMost?: number
}

function replaceWords(oneIn: number): Edit['edit'] {
  return (text, random) => text.replace(/\p{L}+/gu, (word) => (random.integer(oneIn) === 0 ? 'edited' : word))
}

const edits: readonly Edit[] = [
  { name: 'other white space, case and emphasis', edit: (text) => text.replace(/\s+/g, '\n ').toUpperCase(), atLeast: 0.99 },
  { name: 'one word in 100 replaced', edit: replaceWords(100), atLeast: 0.98 },
  { name: 'a notice put in front', edit: (text) => `Internal. A copy for the works council.\n${text}`, atLeast: 0.9 },
  { name: 'the last twentieth missing', edit: (text) => text.slice(0, text.length * 0.95), atLeast: 0.97 },
  { name: 'one word in 5 replaced', edit: replaceWords(5), atMost: 0.02 },
  { name: 'one half of it', edit: (text) => text.slice(0, text.length / 2), atMost: 0.02 },
]

/** Recall by kind of edit, and how many pairs of different texts are taken for the same. */
function measure(t: TestContext, name: string, texts: readonly string[]): void {
  const sketches = texts.map(sketchText)
  const random = createSeededRandom(11)
  for (const { name: edit, edit: change, atLeast = 0, atMost = 1 } of edits) {
    const found = texts.filter((text, at) => resemblance(sketches[at]!, sketchText(change(text, random))) >= NEARLY_THE_SAME)
    const share = found.length / texts.length
    t.diagnostic(`${name}, ${edit}: ${(share * 100).toFixed(1)} % of ${texts.length}`)
    assert(share >= atLeast && share <= atMost, `${edit}: ${share}`)
  }
}

test('variants of generated texts are found, and what shares a template alone is not [A6]', (t) => {
  const random = createSeededRandom(5)
  const texts = Array.from({ length: 300 }, () =>
    Array.from({ length: 150 + random.integer(400) }, () => `w${random.integer(3_000)}`).join(' '),
  )
  measure(t, 'generated', texts)
  const template = texts[0] ?? ''
  const filled = texts.slice(1).map((text) => `${template.slice(0, 900)} ${text.slice(0, 900)}`)
  const grouped = groupSimilar(filled.map((text) => ({ sketch: sketchText(text) })))
  assert.deepEqual(grouped, [], 'half of a page is the template')
})

const HANDBOOK = join(import.meta.dirname, '../../../../shared/data/handbook')

test('variants of real pages are found [A6]', { skip: !existsSync(HANDBOOK) && '../shared/data/handbook is absent' }, (t) => {
  const pages = readdirSync(HANDBOOK, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'))
  const texts = pages.map((path) => readFileSync(join(HANDBOOK, path), 'utf8')).filter((text) => text.length > 2_000)
  measure(t, 'handbook', texts)
  const sketched = texts.map((text) => ({ sketch: sketchText(text) }))
  const groups = groupSimilar(sketched)
  const grouped = groups.flat()
  const missed = sketched.filter(
    (text) => !grouped.includes(text) && sketched.some((each) => each !== text && resemblance(each.sketch, text.sketch) >= 0.9),
  )
  t.diagnostic(`handbook: ${groups.length} groups with ${grouped.length} of ${texts.length} pages, as they are`)
  assert.deepEqual(missed, [], 'no page that resembles another by .9 is left out')
})

test('groups are those that comparing all with all gives, when texts are alike or not at all [A6]', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }), fc.integer(), (kinds, seed) => {
      const random = createSeededRandom(seed)
      const kindWords = (kind: number): string[] => Array.from({ length: 200 }, (_, at) => `k${kind}w${at}`)
      const texts = kinds.map((kind, at) => {
        const own = kindWords(kind)
        own[random.integer(200)] = 'edited'
        return { kind, at, sketch: sketchText(own.join(' ')) }
      })
      const expected = [...Map.groupBy(texts, ({ kind }) => kind).values()].filter((group) => group.length > 1)
      assert.deepEqual(
        groupSimilar(texts).map((group) => group.map(({ at }) => at)),
        expected.map((group) => group.map(({ at }) => at)),
      )
    }),
    { numRuns: 30 },
  )
})
