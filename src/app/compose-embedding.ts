/** Opens an embedding of the configuration. The one place that names the adapters. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { EmbeddingModel, SimilarityBackground } from '../contracts/embedding-model.ts'
import type { Clock } from '../foundation/concurrency/clock.ts'
import { rememberSuccess } from '../foundation/concurrency/remember-success.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { contentHash } from '../foundation/hashing/content-hash.ts'
import { STATIC_EMBEDDING } from './config.ts'
import { readSecret, type LoadedConfig } from './load-config.ts'

/** @param name under embeddings, or the built-in one's @throws TouchstoneError ENCODER_INVALID, EMBEDDING_CORRUPT, MODEL_UNKNOWN */
export async function openEmbedding(
  name: string,
  loaded: LoadedConfig,
  dataDirectory: string,
  clock: Clock,
): Promise<EmbeddingModel> {
  if (name === STATIC_EMBEDDING) {
    const { createStaticEmbeddingModel } = await import('../adapters/builtin/static-embedding/static-embedding-model.ts')
    return createStaticEmbeddingModel(clock)
  }
  const model = await openNamed(name, loaded, clock)
  return rememberBackground(model, join(dataDirectory, 'embeddings'))
}

async function openNamed(name: string, { config, baseDirectory }: LoadedConfig, clock: Clock): Promise<EmbeddingModel> {
  const chosen = config.embeddings[name]
  // Checked with the configuration.
  if (chosen === undefined) throw new TouchstoneError('MODEL_UNKNOWN', { details: { model: name } })
  if ('folder' in chosen) {
    const { openSentenceEncoder } = await import('../adapters/onnx/sentence-encoder.ts')
    return openSentenceEncoder({ ...chosen, name, folder: resolve(baseDirectory, chosen.folder) })
  }
  const { createEmbeddingEndpoint } = await import('../adapters/openai-compatible/embedding-model.ts')
  const { apiKey: reference, ...endpoint } = chosen
  const apiKey = readSecret(reference)
  return createEmbeddingEndpoint({ ...endpoint, name, clock, ...(apiKey === undefined ? {} : { apiKey }) })
}

/** Measured once for a data folder: it costs seconds that a command must not pay at each start. The file may go at any time. */
function rememberBackground(model: EmbeddingModel, directory: string): EmbeddingModel {
  const file = join(directory, `${contentHash(model.id).slice(0, 16)}.json`)
  const background = rememberSuccess(async (signal: AbortSignal): Promise<SimilarityBackground> => {
    const kept = await readBackground(file)
    if (kept !== undefined) return kept
    const measured = await model.background(signal)
    await mkdir(directory, { recursive: true })
    await writeFile(file, JSON.stringify({ model: model.id, ...measured }))
    return measured
  })
  return { ...model, background }
}

async function readBackground(file: string): Promise<SimilarityBackground | undefined> {
  try {
    const { mean, deviation } = JSON.parse(await readFile(file, 'utf8')) as Partial<SimilarityBackground>
    return typeof mean === 'number' && typeof deviation === 'number' && deviation > 0 ? { mean, deviation } : undefined
  } catch {
    return undefined
  }
}
