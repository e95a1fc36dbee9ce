import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { indexRecord, inScopes } from '../../testing/document-index-records.ts'
import { documentIndexSuite } from '../../testing/document-index-suite.ts'
import { createLanceDbEngine } from './lancedb-index.ts'

async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'touchstone lancedb ü#%20 '))
}

documentIndexSuite(
  'lancedb',
  async () => {
    const directory = await temporaryFolder()
    return { engine: createLanceDbEngine({ directory }), dispose: () => rm(directory, { recursive: true, force: true }) }
  },
  { vectors: true },
)

const damages: readonly (readonly [string, (index: string) => Promise<void>])[] = [
  ['a truncated manifest', (index) => changeFiles(join(index, 'chunks.lance', '_versions'), (file) => truncate(file, 20))],
  ['an emptied manifest', (index) => changeFiles(join(index, 'documents.lance', '_versions'), (file) => truncate(file, 0))],
  ['missing manifests', (index) => rm(join(index, 'chunks.lance', '_versions'), { recursive: true })],
  ['missing data', (index) => changeFiles(join(index, 'chunks.lance', 'data'), (file) => rm(file))],
  ['truncated data', (index) => changeFiles(join(index, 'chunks.lance', 'data'), (file) => truncate(file, 10))],
  ['missing search structures', (index) => rm(join(index, 'chunks.lance', '_indices'), { recursive: true })],
  ['a missing table', (index) => rm(join(index, 'documents.lance'), { recursive: true })],
]
for (const [what, damage] of damages) {
  test(`${what} is INDEX_CORRUPT at open and names the folder`, async () => {
    const directory = await temporaryFolder()
    try {
      const engine = createLanceDbEngine({ directory })
      const index = await engine.open('main', 'd')
      await index.upsert('chunks', [indexRecord('a', 0, 'leave')])
      await index.upsert('documents', [indexRecord('a', 0, 'leave')])
      await index.optimise()
      await index.close()
      await damage(join(directory, 'main', 'd'))
      await assert.rejects(
        engine.open('main', 'd'),
        (error) => isTouchstoneError(error, 'INDEX_CORRUPT') && error.message.includes(directory),
      )
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
}

async function changeFiles(folder: string, change: (file: string) => Promise<void>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) await change(join(entry.parentPath, entry.name))
  }
}

test('a folder that cannot be made is INDEX_UNAVAILABLE', async () => {
  const engine = createLanceDbEngine({ directory: '/proc/version/below-a-file' })
  await assert.rejects(engine.open('main', 'd'), (error) => isTouchstoneError(error, 'INDEX_UNAVAILABLE'))
})

test('optimise removes versions older than ten minutes, and none since the oldest snapshot', async () => {
  const directory = await temporaryFolder()
  try {
    // LanceDB stamps versions with the machine's clock; one that runs an hour ahead makes every version old.
    const ahead = Date.now() + 3_600_000
    const clock = { now: () => ahead, elapsed: () => 0, sleep: async () => {}, after: () => () => {} }
    const index = await createLanceDbEngine({ directory, clock }).open('main', 'd')
    const countVersions = async (): Promise<number> =>
      (await readdir(join(directory, 'main', 'd', 'chunks.lance', '_versions'))).length
    for (let i = 0; i < 10; i++) await index.upsert('chunks', [indexRecord('kept', 0, 'leave')])
    await index.optimise()
    assert.ok((await countVersions()) < 5)
    await index.snapshot('kept')
    for (let i = 0; i < 10; i++) await index.upsert('chunks', [indexRecord(`d${i}`, 0, 'leave')])
    await index.optimise()
    assert.ok((await countVersions()) > 10)
    await index.restore('kept')
    const query = { terms: ['leave'], fieldWeights: { title: 1, path: 1, headings: 1, body: 1 } }
    assert.deepEqual(
      (await index.searchLexical('chunks', query, inScopes([1]), 10)).map(({ id }) => id),
      ['kept#0'],
    )
    await index.close()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

test('an index whose maker was killed before its first version is new, not damaged', async () => {
  const directory = await temporaryFolder()
  try {
    for (const folder of ['_versions', '_transactions'])
      await mkdir(join(directory, 'main', 'd', 'chunks.lance', folder), { recursive: true })
    await writeFile(join(directory, 'main', 'd', 'chunks.lance', '_transactions', '0-a.txn'), 'begun')
    const index = await createLanceDbEngine({ directory }).open('main', 'd')
    assert.deepEqual((await index.stats()).records, { chunks: 0, documents: 0 })
    await index.close()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

test('a new index that many open at once, one of whom writes at once, is damaged for none of them', async () => {
  const directory = await temporaryFolder()
  try {
    const engine = createLanceDbEngine({ directory })
    const opened = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const index = await engine.open('main', 'd')
        await index.upsert('chunks', [indexRecord(`from${at}`, 0, 'leave')])
        return index
      }),
    )
    for (const index of opened) {
      assert.equal((await index.stats()).records.chunks, 8)
      await index.close()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

test('two processes write at once: nothing is lost, and each sees the other at the next query', async () => {
  const directory = await temporaryFolder()
  try {
    const index = await createLanceDbEngine({ directory }).open('main', 'd')
    const writer = `
      import { createLanceDbEngine } from ${JSON.stringify(import.meta.resolve('./lancedb-index.ts'))}
      import { indexRecord } from ${JSON.stringify(import.meta.resolve('../../testing/document-index-records.ts'))}
      const index = await createLanceDbEngine({ directory: process.argv[1] }).open('main', 'd')
      for (let i = 0; i < 10; i++) {
        await index.upsert('chunks', [indexRecord('theirs' + i, 0, 'leave')])
        if (i % 4 === 3) await index.optimise()
      }
      await index.close()`
    const running = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', writer, directory])
    for (let i = 0; i < 10; i++) {
      await index.upsert('chunks', [indexRecord(`ours${i}`, 0, 'leave')])
      if (i % 4 === 1) await index.optimise()
    }
    await running
    const query = { terms: ['leave'], fieldWeights: { title: 1, path: 1, headings: 1, body: 1 } }
    assert.equal((await index.searchLexical('chunks', query, inScopes([1]), 100)).length, 20)
    await index.close()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
