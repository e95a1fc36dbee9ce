/** The product's own pipeline under one variant's settings. Knows how its first stage scores; knows no collection. */
import { analyseQuery } from '../../src/foundation/text/analysis.ts'
import { configSchema } from '../../src/app/config.ts'
import type { LoadedConfig } from '../../src/app/load-config.ts'
import { variantSettings } from '../../src/app/retrieval-evaluation/evaluate-collection.ts'
import { openCollection, type OpenCollection } from '../../src/app/retrieval-evaluation/open-collection.ts'
import { createPipelineRanker } from '../../src/app/retrieval-evaluation/pipeline-ranker.ts'
import { lexicalChunks } from '../../src/knowledge/retrieval/retrievers/lexical-chunks.ts'
import type { CollectionDocument, CollectionQuery } from '../../src/lifecycle/evaluation/retrieval/judged-collection.ts'
import { windowChunker } from '../chunking/window-chunker.ts'
import type { RankingSystem } from './ranking-system.ts'

const FEATURE = 'answers'

export interface PipelineOptions {
  /** Heads its column; the variant when absent. */
  readonly name?: string
  /** How documents are cut; the configuration's default when absent. */
  readonly chunker?: ChunkerSettings
  /** An ONNX sentence encoder as under `embeddings`; the configuration's default embedding when absent. */
  readonly encoder?: EncoderSettings
}

export interface EncoderSettings {
  readonly folder: string
  readonly prefixes?: { readonly query: string; readonly passage: string }
  readonly languages?: readonly string[]
}

export type ChunkerSettings = { readonly kind: string } & Readonly<Record<string, unknown>>

/** With the defaults of the configuration. @param variant of the catalogue */
export function pipelineSystem(variant: string, options: PipelineOptions = {}): RankingSystem {
  return {
    name: options.name ?? variant,
    isPeer: false,
    async open(documents, folder) {
      const loaded = defaultConfig(folder, options)
      const opened = await openPipeline(documents, folder, loaded)
      const { foundation, knowledge, caller, idOf } = opened
      const maxQuestionLength = loaded.config.features[FEATURE]?.policy.maxQuestionLength ?? 0
      const settings = variantSettings(variant, loaded, FEATURE)
      const ranked = { caller, feature: FEATURE, maxQuestionLength, settings, idOf }
      return {
        rank: createPipelineRanker(foundation, knowledge, ranked),
        topScore: (query) => bestChunkScore(query, opened),
        close: opened.close,
      }
    },
  }
}

export function defaultConfig(folder: string, { chunker, encoder }: Pick<PipelineOptions, 'chunker' | 'encoder'>): LoadedConfig {
  const config = configSchema.parse({
    ...(encoder === undefined ? {} : { embeddings: { encoder } }),
    index: { ...(chunker === undefined ? {} : { chunker }), ...(encoder === undefined ? {} : { embedding: 'encoder' }) },
  })
  return { path: '', baseDirectory: folder, config, users: [], groups: [] }
}

/** The product over some documents, with chunkers that only benches know beside its own. */
export function openPipeline(
  documents: readonly CollectionDocument[],
  dataDirectory: string,
  loaded: LoadedConfig,
): Promise<OpenCollection> {
  const { signal } = new AbortController()
  return openCollection(documents, loaded, { dataDirectory, chunkers: [windowChunker], log: () => {}, signal })
}

/** Scores of passages are shares of the best, so that only the first stage can say how good the best is. */
async function bestChunkScore({ text }: CollectionQuery, { foundation, knowledge, caller }: OpenCollection): Promise<number> {
  const { readable } = await foundation.access.authorise(caller)
  const { terms } = analyseQuery(text, { languages: await foundation.documents.languages(foundation.tenant) })
  const fieldWeights = lexicalChunks.parseOptions({})
  const filter = { scopes: readable.ids, scopesTotal: readable.total }
  const [best] = await knowledge.index.searchLexical('chunks', { terms, fieldWeights }, filter, 1)
  return best?.score ?? 0
}
