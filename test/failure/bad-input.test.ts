/** Input that cannot be right: each is refused by name, before anything is done with it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadConfig } from '../../src/app/load-config.ts'
import type { DocumentId, DocumentVersion } from '../../src/contracts/identity.ts'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { ask, ingest, NEVER, openApplication, search } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const folder = await temporaryFolder({ after }, companyFiles)
const application = await openApplication({ after }, folder, companyConfig)
await ingest(application)

const questions: readonly (readonly [string, string, string])[] = [
  ['nothing', '', 'QUESTION_EMPTY'],
  ['white space', ' \n\t　', 'QUESTION_EMPTY'],
  ['punctuation', '?!…', 'QUESTION_EMPTY'],
  ['one megabyte', 'why? '.repeat(200_000), 'QUESTION_TOO_LONG'],
  ['one megabyte of nothing', ' '.repeat(1_000_000), 'QUESTION_TOO_LONG'],
]

for (const [what, question, code] of questions)
  test(`a question of ${what} is refused, to ask and to search [D1]`, { timeout: 10_000 }, async () => {
    await assert.rejects(ask(application, 'maria', question), { code })
    await assert.rejects(search(application, 'maria', question), { code })
  })

test('odd questions are answered or abstained from, never an error [D1, A8]', { timeout: 30_000 }, async () => {
  const odd = [
    'leave'.repeat(700),
    '\u0000leave\u0000',
    '"leave" AND (x OR -y) ^2~ *',
    '休暇は何日ですか',
    '🦊🦊🦊',
    '\ud800 leave',
    'a'.repeat(4_000),
  ]
  for (const question of odd) {
    assert.equal(typeof (await ask(application, 'maria', question)).text, 'string')
    assert(Array.isArray(await search(application, 'maria', question)))
  }
})

test('an unknown user, feature, document, version, trace and filter are named [D1, I1]', { timeout: 10_000 }, async () => {
  const caller = { tenant: application.tenant, user: 'maria' }
  const document = 'handbook:leave.md' as DocumentId
  const none = 'none' as DocumentVersion
  await assert.rejects(ask(application, 'nobody', 'leave?'), { code: 'USER_UNKNOWN' })
  await assert.rejects(ask(application, 'maria', 'leave?', { feature: 'poems' }), { code: 'FEATURE_UNKNOWN' })
  await assert.rejects(application.documentText(caller, document, none), { code: 'DOCUMENT_UNKNOWN' })
  await assert.rejects(application.ingest({ source: 'wiki', signal: NEVER }), { code: 'SOURCE_UNKNOWN' })
  await assert.rejects(application.addFolder(folder, ['all staff']), { code: 'PRINCIPAL_INVALID' })
  const filter = { path: '*'.repeat(501) }
  const filtered = application.search({ caller, feature: 'answers', query: 'leave', filter, limit: 10, signal: NEVER })
  await assert.rejects(filtered, { code: 'FILTER_INVALID' })
})

test('a document that may not be read and one that is not there sound alike [A4, D7]', { timeout: 10_000 }, async () => {
  const caller = { tenant: application.tenant, user: 'maria' }
  const messages = await Promise.all(
    ['handbook:people/salaries.md', 'handbook:people/nothing.md'].map((document) =>
      application
        .documentText(caller, document as DocumentId, 'v' as DocumentVersion)
        .catch((error: Error) => error.message.replace(document, '…')),
    ),
  )
  assert.equal(messages[0], messages[1])
})

test('everything wrong with a configuration is said at once, each with its path [D1, I5]', { timeout: 10_000 }, async (t) => {
  const wrong = {
    sources: { wiki: { kind: 'telepathy' }, docs: { kind: 'folder', path: 3 } },
    features: { answers: { model: 'gpt', policy: { maxSentences: 'many' } }, second: { model: 'gpt' } },
    access: { users: { ann: { group: ['x'] } }, usersCsv: 'nowhere.csv' },
    server: { port: 70_000 },
    sauces: {},
  }
  const file = join(await temporaryFolder(t, { 'wrong.mjs': `export default ${JSON.stringify(wrong)}` }), 'wrong.mjs')
  await assert.rejects(loadConfig(file), (error) => {
    assert(isTouchstoneError(error, 'CONFIG_INVALID'))
    const expected = [
      /sources\.wiki\.kind: there is no connector "telepathy"; known: folder/,
      /sources\.docs\.path: /,
      /features\.answers\.policy\.maxSentences: /,
      /access\.users\.ann: .*"group"/,
      /server\.port: /,
      /"sauces"/,
    ]
    for (const problem of expected) assert.match(error.message, problem)
    assert.equal(error.details['count'], expected.length)
    assert(error.message.includes(file))
    return true
  })
})

test(
  'a slip in the configuration is said with its line, and what is missing as missing [D1, I5]',
  { timeout: 10_000 },
  async (t) => {
    const at = await temporaryFolder(t, {
      'slip.ts': 'export default {\n  sources: {\n    a: { kind: "folder" path: "x" },\n  },\n}\n',
      'absent.mjs': 'export default { sources: { a: { kind: "folder" } } }',
    })
    await assert.rejects(loadConfig(join(at, 'slip.ts')), { code: 'CONFIG_FAILED', message: /line 3: Expected/ })
    await assert.rejects(loadConfig(join(at, 'absent.mjs')), {
      code: 'CONFIG_INVALID',
      message: /sources\.a\.path: is missing; it takes a string\nCorrect/,
    })
  },
)

test(
  'people that cannot be read are problems of the configuration, with line and column [D1, H2]',
  { timeout: 10_000 },
  async (t) => {
    const config = {
      access: { users: { ann: {} }, usersCsv: 'people.csv', groupsCsv: 'nowhere.csv' },
      features: { answers: { model: 'gpt' } },
    }
    const people = 'id,name,groups,disabled\nann,Ann,,false\nb b,Bob,,perhaps\n'
    const at = await temporaryFolder(t, { 'wrong.mjs': `export default ${JSON.stringify(config)}`, 'people.csv': people })
    await assert.rejects(loadConfig(join(at, 'wrong.mjs')), (error) => {
      assert(isTouchstoneError(error, 'CONFIG_INVALID'))
      for (const problem of [
        /usersCsv line 3, id/,
        /usersCsv line 3, disabled/,
        /groupsCsv: .*ENOENT/,
        /user "ann" stands twice/,
        /features\.answers\.model/,
      ])
        assert.match(error.message, problem)
      return true
    })
  },
)
