/** A sentence encoder in a local folder as an EmbeddingModel. Knows how such a folder is laid out; a child process computes. */
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { EmbeddingKind, EmbeddingModel } from '../../contracts/embedding-model.ts'
import { rememberSuccess } from '../../foundation/concurrency/remember-success.ts'
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../../foundation/hashing/content-hash.ts'
import { measureBackground } from '../../foundation/statistics/embedding-background.ts'
import { toUnitLength } from '../../foundation/statistics/unit-vectors.ts'
import { createEncoderChild, type EncoderChild } from './encoder-child.ts'

export interface SentenceEncoderOptions {
  /** In the configuration; stands in the id and in errors. */
  readonly name: string
  /** Holds config.json, tokenizer.json and the model, as hubs lay it out. */
  readonly folder: string
  /** The model below the folder; found when left out. */
  readonly file?: string
  readonly pooling: 'mean' | 'cls'
  /** Put before each text of its kind, e.g. `query: `. */
  readonly prefixes: Readonly<Record<EmbeddingKind, string>>
  readonly maxTokens: number
  readonly languages: readonly string[]
  readonly threads: number
}

const MODEL_FILES = ['onnx/model_quantized.onnx', 'onnx/model_q4.onnx', 'onnx/model.onnx', 'model_quantized.onnx', 'model.onnx']
/** Texts computed together: a question that comes meanwhile waits for one such batch. */
const BATCH = 8

/** Reads the folder's description only; the runtime and the weights are loaded at the first text. @throws TouchstoneError ENCODER_INVALID */
export async function openSentenceEncoder(options: SentenceEncoderOptions): Promise<EmbeddingModel> {
  const { name, folder, pooling, prefixes, maxTokens, threads, languages } = options
  const { dimensions, positions, id, modelPath, tokenizerPath } = await describe(options)
  const setting = { modelPath, tokenizerPath, pooling, maxTokens: Math.min(maxTokens, positions), threads }
  const child = createEncoderChild(setting, name)
  const embed: EmbeddingModel['embed'] = (texts, { kind }, signal) =>
    embedSorted(
      texts.map((text) => prefixes[kind] + text),
      kind,
      { child, name, dimensions },
      signal,
    )
  return {
    id: `${name}/${basename(folder)}@${id}`,
    dimensions,
    languages,
    embed,
    background: rememberSuccess((signal) => measureBackground(embed, signal)),
    close: () => child.close(),
  }
}

interface Described {
  readonly id: string
  readonly dimensions: number
  readonly positions: number
  readonly modelPath: string
  readonly tokenizerPath: string
}

async function describe({ name, folder, file, pooling, prefixes, maxTokens }: SentenceEncoderOptions): Promise<Described> {
  const invalid = (reason: string): TouchstoneError =>
    new TouchstoneError('ENCODER_INVALID', { details: { embedding: name, path: folder, reason } })
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch((error: unknown) => {
    throw invalid(messageOf(error))
  })
  const config = parseConfig(text)
  if (config === undefined) throw invalid('its config.json names no hidden_size')
  const tokenizerPath = join(folder, 'tokenizer.json')
  const tokenizerSize = await sizeOf(tokenizerPath)
  if (tokenizerSize === undefined) throw invalid('there is no tokenizer.json')
  for (const candidate of file === undefined ? MODEL_FILES : [file]) {
    const modelSize = await sizeOf(join(folder, candidate))
    if (modelSize === undefined) continue
    // Sizes stand for the contents: hashing hundreds of megabytes at each start would cost seconds.
    const identity = { text, candidate, modelSize, tokenizerSize, pooling, prefixes, maxTokens }
    const id = contentHash(canonicalJson(identity)).slice(0, 12)
    return { id, ...config, modelPath: join(folder, candidate), tokenizerPath }
  }
  throw invalid(`there is no model; looked for ${(file === undefined ? MODEL_FILES : [file]).join(', ')}`)
}

function parseConfig(text: string): Pick<Described, 'dimensions' | 'positions'> | undefined {
  try {
    const { hidden_size: dimensions, max_position_embeddings: positions } = JSON.parse(text) as Readonly<Record<string, unknown>>
    if (typeof dimensions !== 'number') return undefined
    return { dimensions, positions: typeof positions === 'number' ? positions : Infinity }
  } catch {
    return undefined
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
}

/** Texts of like length together: a batch is computed at the length of its longest. */
async function embedSorted(
  texts: readonly string[],
  kind: EmbeddingKind,
  { child, name, dimensions }: { readonly child: EncoderChild; readonly name: string; readonly dimensions: number },
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  const order = texts.map((_, at) => at).sort((left, right) => (texts[left]?.length ?? 0) - (texts[right]?.length ?? 0))
  const vectors: Float32Array[] = Array.from(texts, () => new Float32Array(dimensions))
  for (let start = 0; start < order.length; start += BATCH) {
    const batch = order.slice(start, start + BATCH)
    const result = await child.encode(
      batch.map((at) => texts[at] ?? ''),
      kind,
      signal,
    )
    if (result.dimensions !== dimensions) throw given(`${result.dimensions} dimensions instead of ${dimensions}`)
    for (const [row, at] of batch.entries()) {
      const vector = toUnitLength(result.values.slice(row * dimensions, (row + 1) * dimensions))
      if (!vector.every(Number.isFinite)) throw given('a value that is no number')
      vectors[at] = vector
    }
  }
  return vectors

  function given(reason: string): TouchstoneError {
    return new TouchstoneError('EMBEDDING_INVALID', { details: { embedding: name, reason } })
  }
}
