import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../foundation/concurrency/clock.ts'
import { systemIds } from '../foundation/concurrency/random.ts'
import { isTouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { createIndexEngine, openSearchOptions } from './index-engine.ts'
import { checkConfig } from './load-config.ts'

const VARIABLE = 'TOUCHSTONE_TEST_INDEX_URL'
const parts = { clock: systemClock, ids: systemIds }

test('the index is in the data folder unless the configuration names a cluster', async (t) => {
  t.after(() => delete process.env[VARIABLE])
  process.env[VARIABLE] = 'https://touch:secret@search.example:9200'
  const plain = await checkConfig({}, 'touchstone.config.ts')
  assert.equal(createIndexEngine(plain, 'data', parts).id, 'lancedb')
  const cluster = await checkConfig({ index: { engine: 'opensearch', url: { env: VARIABLE } } }, 'touchstone.config.ts')
  const engine = createIndexEngine(cluster, 'data', parts)
  assert.deepEqual([engine.id, engine.copies], ['opensearch', undefined])
  assert.deepEqual(openSearchOptions(cluster), {
    url: 'https://touch:secret@search.example:9200',
    prefix: 'touchstone',
    shards: 1,
    replicas: 1,
    timeoutMs: 10_000,
  })
})

const problems: readonly (readonly [what: string, index: object, value: string | undefined, problem: RegExp])[] = [
  ['no URL', { engine: 'opensearch' }, undefined, /index\.url: is missing; the engine opensearch needs it/],
  ['a URL in the clear', { engine: 'opensearch', url: 'https://u:p@h:9200' }, undefined, /index\.url/],
  ['a prefix that no index may have', { engine: 'opensearch', url: { env: VARIABLE }, prefix: 'A.b' }, 'http://h:1', /index\.prefix: use lower-case/], // prettier-ignore
  [
    'a variable that is not set',
    { engine: 'opensearch', url: { env: VARIABLE } },
    undefined,
    new RegExp(`${VARIABLE} is not set`),
  ],
  ['a variable with something else', { engine: 'opensearch', url: { env: VARIABLE } }, 'ftp://u:secret@h', /begins with https/],
]
for (const [what, index, value, problem] of problems) {
  test(`${what} is CONFIG_INVALID, and no secret is repeated`, async (t) => {
    t.after(() => delete process.env[VARIABLE])
    if (value !== undefined) process.env[VARIABLE] = value
    const work = async () => createIndexEngine(await checkConfig({ index }, 'touchstone.config.ts'), 'data', parts)
    await assert.rejects(work, (error) => {
      assert(isTouchstoneError(error, 'CONFIG_INVALID'), String(error))
      assert.match(error.message, problem)
      assert.doesNotMatch(error.message, /secret|u:p@/)
      return true
    })
  })
}
