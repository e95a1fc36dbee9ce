/** Opens the embedding that the index is configured with, and says what an index with it holds. The one place that names the adapters. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DocumentIndexEngine, IndexShape } from '../contracts/document-index.ts'
import type { EmbeddingModel, SimilarityBackground } from '../contracts/embedding-model.ts'
import type { Clock } from '../foundation/concurrency/clock.ts'
import { rememberSuccess } from '../foundation/concurrency/remember-success.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { contentHash } from '../foundation/hashing/content-hash.ts'
import { STATIC_EMBEDDING } from './config.ts'
import { readSecret, type LoadedConfig } from './load-config.ts'

/** @returns nothing where none is configured @throws TouchstoneError ENCODER_INVALID, EMBEDDING_CORRUPT */
export async function openEmbedding(
  loaded: LoadedConfig,
  dataDirectory: string,
  clock: Clock,
): Promise<EmbeddingModel | undefined> {
  const name = loaded.config.index.embedding
  if (name === null) return undefined
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

/** What an index with this embedding is opened with. @throws TouchstoneError CONFIG_INVALID when the engine cannot hold such vectors */
export function indexShape(engine: DocumentIndexEngine, embedding: EmbeddingModel | undefined): IndexShape {
  if (embedding === undefined) return {}
  const { dimensions } = embedding
  const most = engine.vectors?.maxDimensions ?? 0
  if (dimensions <= most) return { vectors: { dimensions } }
  const problems = `  - index.embedding: ${embedding.id} has ${dimensions} dimensions; the index ${engine.id} holds ${most}`
  throw new TouchstoneError('CONFIG_INVALID', { details: { path: 'index.embedding', count: 1, problems } })
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
