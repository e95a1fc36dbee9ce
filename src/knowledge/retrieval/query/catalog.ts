/** The query rewriters that exist. Settings name those that run. */
import type { QueryRewriter } from '../../../contracts/retrieval.ts'
import { conversation } from './conversation-rewriter.ts'
import { multiPart } from './multi-part-splitter.ts'

export const queryRewriterCatalog = [conversation, multiPart] as const

/** Every rewriter with its default options, by id. */
export function createQueryRewriters(): ReadonlyMap<string, QueryRewriter> {
  return new Map(queryRewriterCatalog.map((extension) => [extension.id, extension.create(extension.parseOptions({}), {})]))
}
