/** The rerankers that exist. Settings name those that run. */
import type { Reranker } from '../../../contracts/retrieval.ts'
import { proximity } from './proximity.ts'

export const rerankerCatalog = [proximity] as const

/** Every reranker with its default options, by id. */
export function createRerankers(): ReadonlyMap<string, Reranker> {
  return new Map(rerankerCatalog.map((extension) => [extension.id, extension.create(extension.parseOptions({}), {})]))
}
