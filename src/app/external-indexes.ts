/** Search indexes that exist elsewhere, as configured: which kinds there are, what is wrong with their settings, and how they are made. */
import { externalHttp } from '../adapters/external-http/external-http.ts'
import type { ExternalIndex, ExternalIndexExtension, ExternalIndexParts } from '../contracts/external-index.ts'
import type { Clock } from '../foundation/concurrency/clock.ts'
import type { ResolvedConfig } from './config.ts'
import { extensionProblems } from './extension-problems.ts'

export const externalIndexCatalog: readonly ExternalIndexExtension<never>[] = [externalHttp as ExternalIndexExtension<never>]

export function externalProblems(
  retrievers: ResolvedConfig['retrievers'],
  sources: ResolvedConfig['sources'],
  features: ResolvedConfig['features'],
): readonly string[] {
  const known = Object.keys(retrievers).join(', ') || 'none'
  const named = Object.entries(features).flatMap(([id, { retrieval }]) =>
    retrieval.external
      .filter((external) => !Object.hasOwn(retrievers, external))
      .map((external) => `features.${id}.retrieval.external: there is no retriever "${external}"; known: ${known}`),
  )
  const settings = Object.entries(retrievers).flatMap(([id, options]) => [
    ...(Object.hasOwn(sources, id) ? [`retrievers.${id}: a source has that name already`] : []),
    ...extensionProblems(externalIndexCatalog, `retrievers.${id}`, options),
  ])
  return [...settings, ...named]
}

export function createExternalIndexes(
  { retrievers }: Pick<ResolvedConfig, 'retrievers'>,
  { clock, readSecret }: { readonly clock: Clock; readonly readSecret: ExternalIndexParts['readSecret'] },
): ReadonlyMap<string, ExternalIndex> {
  const indexes = Object.entries(retrievers).flatMap(([id, options]) => {
    const extension = externalIndexCatalog.find((candidate) => candidate.id === options.kind)
    if (extension === undefined) return []
    const parts = { id, readSecret, after: (ms: number, callback: () => void) => clock.after(ms, callback) }
    return [[id, extension.create(extension.parseOptions(options), parts)] as const]
  })
  return new Map(indexes)
}
