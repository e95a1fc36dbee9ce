/** Two ingests at once: one works, the other is told who does, or waits; nothing is read twice or half. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { ingest, NEVER, openApplication, search } from '../fixtures/application.ts'
import { parsed, touchstone } from '../fixtures/command-line.ts'
import { configSource } from '../fixtures/company.ts'
import { documentName, documentText } from '../fixtures/generated-documents.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const LIMIT = { timeout: 60_000 }
const DOCUMENTS = 40
const config = {
  sources: { docs: { kind: 'folder', path: 'docs', access: [{ path: '**', readers: ['everyone'] }] } },
  access: { users: { ann: {} } },
}

function documents(t: TestContext): Promise<string> {
  const pages = Array.from({ length: DOCUMENTS }, (_, at) => [`docs/${documentName(at)}`, documentText(at, 1, 3)])
  return temporaryFolder(t, {
    ...(Object.fromEntries(pages) as Record<string, string>),
    'touchstone.config.ts': configSource(config),
  })
}

test('two ingests in one process: the second is told that one runs, and by whom [A1]', LIMIT, async (t) => {
  const application = await openApplication(t, await documents(t), config)
  const [first, second] = await Promise.allSettled([ingest(application), ingest(application)])
  assert.equal(first.status === 'fulfilled' && first.value.documents.added, DOCUMENTS)
  assert(second.status === 'rejected' && isTouchstoneError(second.reason, 'INGEST_RUNNING'))
  assert(second.reason.entry.retryable && second.reason.message.includes(String(process.pid)))
  assert.equal((await ingest(application)).documents.unchanged, DOCUMENTS)
})

test('two processes that both find an empty state: one reads, the other waits, and both serve [A1, I4]', LIMIT, async (t) => {
  const folder = await documents(t)
  const applications = [await openApplication(t, folder, config), await openApplication(t, folder, config)]
  const reports = await Promise.all(applications.map((application) => application.ingestWhenEmpty({ signal: NEVER })))
  assert.equal(reports.filter((report) => report !== undefined).length, 1)
  for (const application of applications) assert((await search(application, 'ann', 'document7')).length > 0)
})

test('processes that open a new state at once take turns making it [I4]', LIMIT, async (t) => {
  const cwd = await documents(t)
  for (const { code, stdout } of await Promise.all([0, 1, 2].map(() => touchstone(['sources', '--json'], { cwd }))))
    assert.equal(code, 0, stdout)
})

test('whoever waits for another ingest stops waiting when told to [A1]', LIMIT, async (t) => {
  const folder = await documents(t)
  const [working, waiting] = [await openApplication(t, folder, config), await openApplication(t, folder, config)]
  const stop = new AbortController()
  const run = ingest(working)
  const wait = waiting.ingestWhenEmpty({ signal: stop.signal })
  stop.abort()
  await assert.rejects(
    wait,
    (error) => isTouchstoneError(error, 'INGEST_RUNNING') || isTouchstoneError(error, 'REQUEST_CANCELLED'),
  )
  assert.equal((await run).documents.added, DOCUMENTS)
})

test('two ingests from two command lines leave each document once [A1, I1]', LIMIT, async (t) => {
  const cwd = await documents(t)
  const outcomes = await Promise.all([0, 1].map(() => touchstone(['ingest', '--json'], { cwd })))
  const reports = outcomes.map((outcome) =>
    parsed<{ documents?: { added: number; unchanged: number }; error?: { code: string } }>(outcome),
  )
  for (const [at, { documents: counted, error }] of reports.entries()) {
    // The quicker one may have ended before the other began.
    if (counted === undefined) assert.deepEqual([error?.code, outcomes[at]?.code], ['INGEST_RUNNING', 1])
    else assert.equal(counted.added + counted.unchanged, DOCUMENTS)
  }
  assert.equal(reports.filter((report) => report.documents?.added === DOCUMENTS).length, 1)
  const application = await openApplication(t, cwd, config, { dataDirectory: `${cwd}/.touchstone` })
  const hits = await search(application, 'ann', 'document7 topic')
  assert.equal(new Set(hits.map(({ chunk }) => chunk)).size, hits.length)
})
