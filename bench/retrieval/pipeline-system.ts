/** The product's own pipeline under one variant's settings. Knows how its first stage scores; knows no collection. */
import { analyseQuery } from '../../src/foundation/text/analysis.ts'
import { configSchema } from '../../src/app/config.ts'
import type { LoadedConfig } from '../../src/app/load-config.ts'
import { variantSettings } from '../../src/app/retrieval-evaluation/evaluate-collection.ts'
import { openCollection, type OpenCollection } from '../../src/app/retrieval-evaluation/open-collection.ts'
import { createPipelineRanker } from '../../src/app/retrieval-evaluation/pipeline-ranker.ts'
import { lexicalChunks } from '../../src/knowledge/retrieval/retrievers/lexical-chunks.ts'
import type { CollectionQuery } from '../../src/lifecycle/evaluation/retrieval/judged-collection.ts'
import type { RankingSystem } from './ranking-system.ts'

const FEATURE = 'answers'

/** With the defaults of the configuration. @param variant of the catalogue */
export function pipelineSystem(variant: string): RankingSystem {
  return {
    name: variant,
    isPeer: false,
    async open(documents, folder) {
      const config = configSchema.parse({})
      const loaded: LoadedConfig = { path: '', baseDirectory: folder, config, users: [], groups: [] }
      const signal = new AbortController().signal
      const opened = await openCollection(documents, loaded, { dataDirectory: folder, log: () => {}, signal })
      const { foundation, knowledge, caller, idOf } = opened
      const maxQuestionLength = config.features[FEATURE]?.policy.maxQuestionLength ?? 0
      const settings = variantSettings(variant, loaded, FEATURE)
      const options = { caller, feature: FEATURE, maxQuestionLength, settings, idOf }
      return {
        rank: createPipelineRanker(foundation, knowledge, options),
        topScore: (query) => bestChunkScore(query, opened),
        close: opened.close,
      }
    },
  }
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
