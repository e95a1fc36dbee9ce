/** The sentence encoder that is imitated: piece numbers to unit vectors. Knows ONNX; nothing of what the vectors are for. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { TouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'

const BATCH = 64
const LONGEST = 128

/** What is used of onnxruntime-node. */
interface OnnxRuntime {
  readonly InferenceSession: {
    create(path: string, options: { intraOpNumThreads: number }): Promise<OnnxSession>
  }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, shape: readonly number[]) => unknown
}
interface OnnxSession {
  run(inputs: Record<string, unknown>): Promise<Record<string, { readonly data: Float32Array }>>
}

export interface Teacher {
  readonly vocabulary: readonly string[]
  readonly dimensions: number
  /** @param texts piece numbers of each, without [CLS] and [SEP] @returns unit vectors, one row a text */
  encode(texts: readonly (readonly number[])[]): Promise<Float32Array>
}

/**
 * @param folder a BERT sentence encoder: vocab.txt, config.json, onnx/model_quantized.onnx
 * @param runtimeFolder where onnxruntime-node is installed
 * @throws TouchstoneError MODULE_MISSING when it is not
 */
export async function loadTeacher(folder: string, runtimeFolder: string): Promise<Teacher> {
  const runtime = loadRuntime(runtimeFolder)
  const vocabulary = readFileSync(join(folder, 'vocab.txt'), 'utf8').trimEnd().split('\n')
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as { hidden_size: number }
  const session = await runtime.InferenceSession.create(join(folder, 'onnx/model_quantized.onnx'), { intraOpNumThreads: 2 })
  const [first, last] = [vocabulary.indexOf('[CLS]'), vocabulary.indexOf('[SEP]')]
  const dimensions = config.hidden_size

  return {
    vocabulary,
    dimensions,
    async encode(texts) {
      const vectors = new Float32Array(texts.length * dimensions)
      // Texts of equal length share a batch: padding costs time, and quantised activations depend on their whole batch.
      const order = texts.map((_, index) => index).sort((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0) || a - b)
      for (let start = 0; start < order.length; start += BATCH) {
        const rows = order.slice(start, start + BATCH)
        const framed = rows.map((row) => [first, ...(texts[row] ?? []).slice(0, LONGEST - 2), last])
        const length = Math.max(...framed.map((each) => each.length))
        const states = await run(framed, length)
        for (const [slot, row] of rows.entries()) {
          const own = states.subarray(slot * length * dimensions, (slot + 1) * length * dimensions)
          poolMean(own, framed[slot]?.length ?? 0, vectors.subarray(row * dimensions, (row + 1) * dimensions))
        }
      }
      return vectors
    },
  }

  async function run(framed: readonly (readonly number[])[], length: number): Promise<Float32Array> {
    const shape = [framed.length, length]
    const ids = new BigInt64Array(framed.length * length)
    const mask = new BigInt64Array(ids.length)
    for (const [slot, pieces] of framed.entries()) {
      for (const [at, piece] of pieces.entries()) {
        ids[slot * length + at] = BigInt(piece)
        mask[slot * length + at] = 1n
      }
    }
    const result = await session.run({
      input_ids: new runtime.Tensor('int64', ids, shape),
      attention_mask: new runtime.Tensor('int64', mask, shape),
      token_type_ids: new runtime.Tensor('int64', new BigInt64Array(ids.length), shape),
    })
    return result['last_hidden_state']?.data ?? new Float32Array(0)
  }
}

function loadRuntime(folder: string): OnnxRuntime {
  try {
    return createRequire(join(resolve(folder), 'package.json'))('onnxruntime-node') as OnnxRuntime
  } catch (cause) {
    throw new TouchstoneError('MODULE_MISSING', { details: { module: 'onnxruntime-node' }, cause })
  }
}

/** Mean of the first `length` states, scaled to unit length. */
function poolMean(states: Float32Array, length: number, into: Float32Array): void {
  const dimensions = into.length
  for (let at = 0; at < length; at++) {
    for (let d = 0; d < dimensions; d++) into[d] = (into[d] ?? 0) + (states[at * dimensions + d] ?? 0)
  }
  const norm = Math.hypot(...into) || 1
  for (let d = 0; d < dimensions; d++) into[d] = (into[d] ?? 0) / norm
}
