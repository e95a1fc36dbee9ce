/**
 * A child process that runs a sentence encoder. The runtime computes in the thread that calls it, and its binding (1.24.3) loads in one
 * thread of a process only, so that a worker thread that ended could not be started again. Decides nothing by itself; ends with its parent.
 */
import { readFile } from 'node:fs/promises'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { messageOf } from '../../foundation/errors/touchstone-error.ts'
import type { EncodeRequest, EncoderReply, EncoderSetting } from './encoder-messages.ts'
import { poolMean, poolFirst } from './pooling.ts'
import { parseTokenizer, type SentenceTokenizer } from './sentence-tokenizer.ts'

const ERRORS_ONLY = 3

interface Encoder {
  readonly setting: EncoderSetting
  readonly tokenizer: SentenceTokenizer
  readonly session: InferenceSession
  readonly tensor: (values: BigInt64Array, dims: readonly number[]) => Tensor
}

const [, , given = '{}'] = process.argv
const loading = load(JSON.parse(given) as EncoderSetting)
loading.then(
  () => reply({ type: 'ready' }),
  (error: unknown) => reply({ type: 'unusable', missing: isMissingPackage(error), reason: messageOf(error) }),
)
process.on('message', (request: EncodeRequest) => {
  void loading
    .then((encoder) => encode(request, encoder))
    .then(reply, (error: unknown) => reply({ type: 'failed', reason: messageOf(error) }))
})

async function load(setting: EncoderSetting): Promise<Encoder> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node')
  const tokenizer = parseTokenizer(JSON.parse(await readFile(setting.tokenizerPath, 'utf8')))
  const session = await InferenceSession.create(setting.modelPath, {
    intraOpNumThreads: setting.threads,
    interOpNumThreads: 1,
    logSeverityLevel: ERRORS_ONLY,
  })
  return { setting, tokenizer, session, tensor: (values, dims) => new Tensor('int64', values, dims) }
}

async function encode({ texts }: EncodeRequest, { setting, tokenizer, session, tensor }: Encoder): Promise<EncoderReply> {
  const rows = texts.map((text) => tokenizer.encode(text, setting.maxTokens))
  const length = rows.reduce((most, row) => Math.max(most, row.length), 1)
  const shape = [rows.length, length]
  const ids = new BigInt64Array(rows.length * length).fill(BigInt(tokenizer.padding))
  const mask = new BigInt64Array(rows.length * length)
  for (const [at, row] of rows.entries()) {
    for (const [place, id] of row.entries()) ids[at * length + place] = BigInt(id)
    mask.fill(1n, at * length, at * length + row.length)
  }
  const inputs: Readonly<Record<string, BigInt64Array>> = { input_ids: ids, attention_mask: mask }
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => [name, tensor(inputs[name] ?? new BigInt64Array(ids.length), shape)]),
  )
  const result = await session.run(feeds)
  // Some exports pool by themselves.
  const output = result['sentence_embedding'] ?? result[session.outputNames[0] ?? '']
  if (output === undefined || !(output.data instanceof Float32Array)) throw new SyntaxError('its output is no float32 tensor')
  const dimensions = output.dims.at(-1) ?? 0
  if (output.dims.length === 2) return { type: 'vectors', values: output.data, dimensions }
  const lengths = rows.map((row) => row.length)
  const pool = setting.pooling === 'mean' ? poolMean : poolFirst
  return { type: 'vectors', values: pool(output.data, lengths, length, dimensions), dimensions }
}

function reply(message: EncoderReply): void {
  process.send?.(message)
}

function isMissingPackage(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes('onnxruntime')
  )
}
