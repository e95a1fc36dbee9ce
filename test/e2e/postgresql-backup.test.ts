/** Backups of a state in PostgreSQL: the same folder, restored into a database that is lost, into the living one, and into a SQLite file. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ask, ingest, openApplication, readablePaths } from '../fixtures/application.ts'
import { backUp, restoreFrom } from '../fixtures/backups.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { startPostgres } from '../fixtures/postgres-server.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const VARIABLE = 'TOUCHSTONE_TEST_DATABASE'
const config = { ...companyConfig, store: { postgres: { url: { env: VARIABLE }, poolSize: 4 } } }
const server = await startPostgres({ after })

test(
  'a backup of PostgreSQL comes back into the living state, a lost one, and a file, and never wider [A4, I4]',
  { timeout: 90_000 },
  async (t) => {
    const folder = await temporaryFolder(t, companyFiles)
    process.env[VARIABLE] = await server.createDatabase()
    const serving = await openApplication(t, folder, config)
    await ingest(serving)
    assert.equal((await backUp(folder, config, 'monday')).counts.documents, 3)
    await writeFiles(folder, { 'docs/access.yaml': 'readers: [user:petra]\n' })
    await rm(join(folder, 'docs/travel.md'))
    await ingest(serving)
    const living = await restoreFrom(folder, config, 'monday', { replace: true })
    assert.deepEqual([living.continued, living.documents], [true, { restored: 1, kept: 2, removed: 0 }])
    assert.deepEqual(await readablePaths(serving, 'petra'), [])
    await ingest(serving)
    assert.deepEqual(await readablePaths(serving, 'maria'), [])
    assert.deepEqual(await readablePaths(serving, 'petra'), ['leave.md', 'people/salaries.md'])

    process.env[VARIABLE] = await server.createDatabase()
    const lost = await restoreFrom(folder, config, 'monday')
    assert.deepEqual([lost.continued, lost.withheld.sources, lost.index.rebuilt], [false, ['handbook'], 0])
    const elsewhere = await openApplication(t, folder, config)
    assert.deepEqual(await readablePaths(elsewhere, 'petra'), [])
    await ingest(elsewhere)
    assert.match((await ask(elsewhere, 'petra', 'How many days of annual leave do I get?')).text, /25 days/)
    // Numbers that grow go on above the restored ones.
    await writeFiles(folder, { 'docs/new/access.yaml': 'readers: [user:maria]\n', 'docs/new/a.md': '# New\n\nKettles.\n' })
    await ingest(elsewhere)
    assert.deepEqual(await readablePaths(elsewhere, 'maria'), ['new/a.md'])

    const file = await temporaryFolder(t, companyFiles)
    const moved = await restoreFrom(file, companyConfig, join('..', folder.split('/').at(-1) ?? '', 'monday'))
    assert.equal(moved.documents.restored, 3)
  },
)
