import assert from 'node:assert/strict'
import { test } from 'node:test'
import { suspectWords } from './suspect-words.ts'

const rows: readonly [question: string, language: string, suspects: readonly string[]][] = [
  ['How many days of anual laeve do I get?', 'en', ['anual', 'laeve']],
  ['Parentl leave, parentl shceme', 'en', ['Parentl', 'shceme']],
  ['the "anual laeve" polcy', 'en', ['polcy']],
  ['the „anual laeve“ and `pnpm` and «foo bar»', 'en', []],
  ['eror E4711 in foo_bar, fooBar or foo.bar at src/index with SLAs v2024', 'en', ['eror']],
  ['state-of-the-art laptps', 'en', ['laptps']],
  ['sick bay', 'en', []],
  ['Ask Mari: laptps?', 'en', ['Mari', 'laptps']],
  ['Wie viele Urlaubstge?', 'de', ['Urlaubstge']],
  ['有給休暇は何日', 'ja', []],
  ['x'.repeat(30), 'en', []],
  ['', 'en', []],
]
for (const [question, language, suspects] of rows)
  test(`may be misspelled in "${question.slice(0, 50)}": ${suspects.join(', ') || 'nothing'} [A5]`, () =>
    assert.deepEqual(suspectWords(question, language), suspects))
