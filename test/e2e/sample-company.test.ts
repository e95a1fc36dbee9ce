/** The sample company in this process: answers in four languages and five formats, each citation a verbatim slice, rights kept. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { composeApplication } from '../../src/app/compose.ts'
import { loadConfig } from '../../src/app/load-config.ts'
import type { DocumentId } from '../../src/contracts/identity.ts'
import { ask, citationsOf, ingest, readablePaths } from '../fixtures/application.ts'
import { PROJECT_ROOT } from '../fixtures/command-line.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const folder = await temporaryFolder({ after })
const loaded = await loadConfig(join(PROJECT_ROOT, 'touchstone.config.ts'))
const application = await composeApplication(loaded, { dataDirectory: folder, log: () => {} })
after(() => application.close())
const report = await ingest(application)

test('every document of the sample company is read [A1, A2]', () => {
  assert.deepEqual(report.failures, [])
  assert(report.documents.added >= 60)
})

const questions: readonly (readonly [string, string])[] = [
  ['maria', 'How much can I spend on dinner when I travel to the Netherlands?'],
  ['maria', 'How many days of annual leave do I get?'],
  ['petra', 'What is the salary band for principal engineers?'],
  ['kenji', 'How quickly do we answer a critical ticket of a premium customer?'],
  ['petra', 'Wie viele Tage Homeoffice pro Woche sind in Hamburg erlaubt?'],
  ['lucia', '¿Cuántos días de vacaciones tengo?'],
  ['kenji', '大阪の緊急連絡先は何ですか'],
]

test(
  'every citation is a verbatim slice of the stored version, readable by the asker [A4, B1]',
  { timeout: 60_000 },
  async () => {
    let cited = 0
    for (const [user, question] of questions) {
      const answer = await ask(application, user, question)
      const readable = new Set(await readablePaths(application, user))
      for (const { document, version, start, end, quote, chunk } of citationsOf(answer)) {
        assert.equal(
          (await application.documentText({ tenant: application.tenant, user }, document, version)).slice(start, end),
          quote,
        )
        assert(readable.has(document.slice('handbook:'.length)), `${user}: ${document}`)
        assert(chunk.startsWith(`${document}#`))
        cited++
      }
    }
    assert(cited >= questions.length - 2, `${cited} citations`)
  },
)

test('what one may not know another is told [A4]', { timeout: 30_000 }, async () => {
  const question = 'What is the salary band for principal engineers?'
  const [petra, maria] = [await ask(application, 'petra', question), await ask(application, 'maria', question)]
  assert.equal(petra.abstained, false)
  assert(citationsOf(petra).some(({ document }) => document.includes('confidential')))
  assert(!citationsOf(maria).some(({ document }) => document.includes('confidential')))
  await assert.rejects(ask(application, 'erik', question), { code: 'USER_DISABLED' })
})

test('two conditions at once, a denial beside a membership, and readers that nobody understands [A4]', async () => {
  const readers = async (document: string): Promise<readonly string[]> =>
    (await application.whoCanRead(document as DocumentId)).users
  const paths = (await application.foundation.state.selectFrom('documents').select('id').execute()).map(({ id }) => id)
  const below = (place: string): string[] => paths.filter((path) => path.startsWith(`handbook:${place}`))
  for (const document of below('legal/heron/')) assert.deepEqual(await readers(document), ['nadia'])
  // A page of that folder is open to everyone by its own word; the folder's denial still counts.
  for (const document of below('legal/disputes/')) {
    assert(!(await readers(document)).includes('nadia'), document)
    assert((await readers(document)).includes('tomas'), document)
  }
  for (const document of below('finance/board/drafts/')) assert.deepEqual(await readers(document), [])
  assert(below('legal/heron/').length > 0 && below('legal/disputes/').length > 0 && below('finance/board/drafts/').length > 0)
})
