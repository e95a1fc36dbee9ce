/** The rerankers that exist. Settings name those that run. */
import type { RankingModel } from '../../../contracts/ranking-model.ts'
import type { Reranker } from '../../../contracts/retrieval.ts'
import { learned } from './learned.ts'
import { proximity } from './proximity.ts'

export const rerankerCatalog = [proximity, learned] as const

/**
 * Every reranker with its default options, by the names that settings have for it.
 * @param models by name: `learned`, `learned:FILE`; a name pinned to a model is `learned@HASH`
 */
export function createRerankers(models: ReadonlyMap<string, RankingModel> = new Map()): ReadonlyMap<string, Reranker> {
  const rerankers = new Map([[proximity.id, proximity.create(proximity.parseOptions({}), {})]])
  for (const [name, model] of models) {
    const reranker = learned.create(learned.parseOptions({}), { model })
    rerankers.set(name, reranker).set(reranker.id, reranker)
  }
  return rerankers
}
