/** A real company handbook of 883 pages: read whole, asked about, every citation checked against the stored text. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ask, citationsOf, ingest, openApplication, search } from '../fixtures/application.ts'
import { PROJECT_ROOT } from '../fixtures/command-line.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const content = join(PROJECT_ROOT, '../shared/data/handbook/content')

const questions = [
  'How do I add my location to the team map?',
  'Who approves changes to the handbook?',
  'How many days of paid time off may I take?',
  'What happens in an interview for an engineering position?',
  'How is an incident handled and who is told?',
  'What equipment may I buy for my home office?',
]

test(
  'a real handbook: every page read, every citation a verbatim slice of its page [A1, A2, B1]',
  { timeout: 120_000 },
  async (t) => {
    if (!existsSync(content)) return t.skip('../shared/data/handbook is not there')
    const config = {
      sources: {
        handbook: { kind: 'folder', path: content, include: ['**/*.md'], access: [{ path: '**', readers: ['user:ann'] }] },
      },
      access: { users: { ann: {}, bob: {} } },
    }
    const application = await openApplication(t, await temporaryFolder(t), config)
    const report = await ingest(application)
    t.diagnostic(`${report.documents.added} pages, ${report.chunks} chunks in ${report.seconds} s`)
    assert.deepEqual(report.failures.filter(({ code }) => code !== 'DOCUMENT_EMPTY'), []) // prettier-ignore
    assert(report.documents.added > 800)
    const caller = { tenant: application.tenant, user: 'ann' }
    let cited = 0
    for (const question of questions) {
      const answer = await ask(application, 'ann', question)
      for (const { document, version, start, end, quote } of citationsOf(answer)) {
        assert.equal((await application.documentText(caller, document, version)).slice(start, end), quote)
        cited++
      }
      assert(answer.abstained || answer.sentences.every(({ citations }) => citations.length > 0), question)
      for (const hit of await search(application, 'ann', question, 20))
        assert.equal((await application.documentText(caller, hit.document, hit.version)).slice(hit.start, hit.end), hit.text)
      assert.equal((await ask(application, 'bob', question)).abstained, true, 'bob may read none of it')
    }
    assert(cited >= 5, `${cited} citations`)
    const again = await ingest(application)
    assert.deepEqual([again.documents.unchanged, again.chunks], [report.documents.added, 0])
  },
)
