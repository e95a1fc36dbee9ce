import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { EmbeddingModel } from '../../contracts/embedding-model.ts'
import { cosine } from '../../foundation/statistics/unit-vectors.ts'
import { embeddingModelSuite } from '../../testing/embedding-model-suite.ts'
import { writeTinyEncoder, type TinyEncoder } from '../../../test/fixtures/tiny-encoder.ts'
import { openSentenceEncoder, type SentenceEncoderOptions } from './sentence-encoder.ts'

let directory = ''
let made = 0
before(async () => (directory = await mkdtemp(join(tmpdir(), 'touchstone-encoder-'))))
after(() => rm(directory, { recursive: true, force: true }))

const signal = new AbortController().signal
const PREFIXES = { query: '', passage: '' }

async function openTiny(encoder: TinyEncoder = {}, options: Partial<SentenceEncoderOptions> = {}): Promise<EmbeddingModel> {
  return open(await writeTinyEncoder(join(directory, `tiny-${made++}`), encoder), options)
}

function open(folder: string, options: Partial<SentenceEncoderOptions> = {}): Promise<EmbeddingModel> {
  return openSentenceEncoder({
    name: 'tiny',
    folder,
    pooling: 'mean',
    prefixes: PREFIXES,
    maxTokens: 32,
    languages: ['en'],
    threads: 1,
    ...options,
  })
}

embeddingModelSuite('onnx', () => openTiny())

test('the mean is over a text’s own tokens, and prefixes are part of a text [A6]', async () => {
  const plain = await openTiny()
  const prefixed = await openTiny({}, { prefixes: { query: 'travel ', passage: '' } })
  const [leave, both] = await plain.embed(['leave', 'travel leave'], { kind: 'query' }, signal)
  const [query] = await prefixed.embed(['leave'], { kind: 'query' }, signal)
  const [passage] = await prefixed.embed(['leave'], { kind: 'passage' }, signal)
  assert.deepEqual(query, both)
  assert.deepEqual(passage, leave)
  assert.notEqual(plain.id, prefixed.id)
  await Promise.all([plain.close(), prefixed.close()])
})

const refused: readonly (readonly [what: string, encoder: TinyEncoder, code: string])[] = [
  ['other dimensions than config.json says', { hiddenSize: 12 }, 'EMBEDDING_INVALID'],
  ['values that are no numbers', { poisoned: 'leave' }, 'EMBEDDING_INVALID'],
  ['a tokenizer that is not supported', { tokenizer: { model: { type: 'BPE' } } }, 'ENCODER_INVALID'],
]
for (const [what, encoder, code] of refused) {
  test(`${what}: ${code}`, async () => {
    const model = await openTiny(encoder)
    await assert.rejects(model.embed(['annual leave'], { kind: 'query' }, signal), { code })
    await model.close()
  })
}

test('a folder without a model, and one that is not there, say what is missing', async () => {
  await assert.rejects(open(join(directory, 'nowhere')), { code: 'ENCODER_INVALID' })
  const folder = await writeTinyEncoder(join(directory, 'bare'))
  await rm(join(folder, 'onnx'), { recursive: true })
  await assert.rejects(open(folder), /looked for onnx\/model/u)
  await writeFile(join(folder, 'config.json'), 'no json')
  await assert.rejects(open(folder), /hidden_size/u)
})

test('a question does not wait for passages that came before it', async () => {
  const model = await openTiny()
  await model.embed(['warm'], { kind: 'query' }, signal)
  let passagesDone = false
  const passages = model
    .embed(
      Array.from({ length: 400 }, (_, at) => `leave ${at}`),
      { kind: 'passage' },
      signal,
    )
    .then(() => (passagesDone = true))
  await model.embed(['annual leave'], { kind: 'query' }, signal)
  assert.equal(passagesDone, false)
  await passages
  await model.close()
})

const MODELS = '../shared/models'
/** Texts, one that says the same, one that does not, by model. */
const REAL: readonly (readonly [
  folder: string,
  prefixes: SentenceEncoderOptions['prefixes'],
  text: string,
  same: string,
  other: string,
])[] = [
  ['minilm-int8', PREFIXES, 'my computer is broken', 'repair of faulty laptops', 'parental leave for fathers'],
  [
    'multilingual-e5-small-q4',
    { query: 'query: ', passage: 'passage: ' },
    'Wie viele Urlaubstage habe ich?',
    'You get 25 days of annual leave.',
    'Reset your password online.',
  ],
]
for (const [name, prefixes, text, same, other] of REAL) {
  const folder = join(MODELS, name)
  test(
    `${name} places what means the same together [A6, B6]`,
    { skip: !existsSync(folder) && `${folder} is not there` },
    async () => {
      const model = await open(folder, { prefixes, maxTokens: 256 })
      const [asked] = await model.embed([text], { kind: 'query' }, signal)
      const [near, far] = await model.embed([same, other], { kind: 'passage' }, signal)
      assert.ok(asked && near && far)
      assert.ok(cosine(asked, near) > cosine(asked, far) + 0.05, `${cosine(asked, near)} against ${cosine(asked, far)}`)
      await model.close()
    },
  )
}
