/** Questions that nobody should ask: each has a catalogued error or a sensible result, soon, whatever a feature adds to its retrieval. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { SearchResult } from '../../src/contracts/search.ts'
import { ask, ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const synonyms = ['furlough, annual leave']
const curated = [{ questions: ['the of and', 'leave?'], documents: ['handbook:leave.md'] }]
const config = {
  ...companyConfig,
  features: { answers: {}, patient: { policy: { maxQuestionLength: 100_000 }, synonyms, curated } },
} satisfies TouchstoneConfig
const folder = await temporaryFolder({ after }, companyFiles)
const application = await openApplication({ after }, folder, config)
await ingest(application)

/** Processor time of one question in milliseconds: other programs on the machine do not count. */
const SOON_MS = 4_000

const words = (count: number, word: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => word(at)).join(' ')

type Expected = 'leave.md' | 'nothing' | 'QUESTION_EMPTY'
const questions: readonly (readonly [what: string, question: string, expected: Expected])[] = [
  ['one letter', 'a', 'nothing'],
  ['one digit', '5', 'nothing'],
  ['one Chinese character', '休', 'nothing'],
  ['10,000 times one word', words(10_000, () => 'leave'), 'leave.md'],
  ['10,000 words', words(10_000, (at) => (at === 0 ? 'leave' : `w${at}`)), 'leave.md'],
  ['10,000 stop words', words(10_000, () => 'the of'), 'nothing'],
  ['10,000 questions in one', words(10_000, () => 'who and'), 'nothing'],
  ['8,000 places in one', words(8_000, () => 'in the 2024'), 'nothing'],
  ['only stop words', 'to be or not to be', 'nothing'],
  ['only German stop words', 'der die das und', 'nothing'],
  ['only emoji', '🦊🦊🦊', 'nothing'],
  ['emoji of many parts', '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(100), 'nothing'],
  ['five scripts', 'annual 休暇 отпуск إجازة leave', 'leave.md'],
  ['right to left', '\u202eannual leave\u202c', 'leave.md'],
  ['full-width letters', 'ａｎｎｕａｌ ｌｅａｖｅ', 'leave.md'],
  ['control characters inside', 'an\u0000nual\u0007 \u001bleave', 'leave.md'],
  ['control characters alone', '\u0000\u0001\u200b\u2060', 'QUESTION_EMPTY'],
  ['half a character', '\ud800 annual leave \udc00', 'leave.md'],
  ['a byte order mark', '\ufeffannual leave', 'leave.md'],
  ['100,000 letters', 'a'.repeat(100_000), 'nothing'],
  ['50,000 accents', `annual leav${'e\u0301'.repeat(40_000)}`, 'leave.md'],
  ['question marks', `${'? '.repeat(40_000)}leave`, 'leave.md'],
  ['query syntax', '+annual -leave^3 "title:(*)" OR {query} \\', 'leave.md'],
  ['SQL', "leave'; DROP TABLE documents; --", 'leave.md'],
]

const search = (query: string, feature: string): Promise<SearchResult> => {
  const caller = { tenant: application.tenant, user: 'maria' }
  return application.search({ caller, feature, query, limit: 100, signal: NEVER, explain: 'absolute' })
}

for (const [what, question, expected] of questions)
  test(`a question of ${what}: ${expected}, soon [D1, A5]`, { timeout: 60_000 }, async () => {
    const before = process.cpuUsage()
    if (expected === 'QUESTION_EMPTY') {
      await assert.rejects(search(question, 'patient'), { code: expected })
      await assert.rejects(ask(application, 'maria', question, { feature: 'patient' }), { code: expected })
    } else {
      const { items } = await search(question, 'patient')
      assert.deepEqual([...new Set(items.map(({ path }) => path))].slice(0, 1), expected === 'nothing' ? [] : [expected])
      assert(items.every(({ score }) => score >= 0 && score <= 1))
      assert.equal(typeof (await ask(application, 'maria', question, { feature: 'patient' })).text, 'string')
    }
    const { user, system } = process.cpuUsage(before)
    assert((user + system) / 1_000 < SOON_MS, `${(user + system) / 1_000} ms`)
  })

test('the usual limit refuses 10,000 words by name [D1]', async () => {
  const long = words(10_000, () => 'leave')
  await assert.rejects(search(long, 'answers'), { code: 'QUESTION_TOO_LONG' })
  await assert.rejects(ask(application, 'maria', long), { code: 'QUESTION_TOO_LONG' })
})
