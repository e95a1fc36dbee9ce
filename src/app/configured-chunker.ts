/** The chunker that the configuration names, and how it is named in an index definition. Knows which chunkers exist. */
import type { Chunker, ChunkerExtension } from '../contracts/chunker.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { chunkerCatalog } from '../knowledge/ingestion/chunkers/catalog.ts'
import type { ResolvedConfig } from './config.ts'
import { extensionProblems } from './extension-problems.ts'

type ChunkerSettings = ResolvedConfig['index']['chunker']

export interface ConfiguredChunker {
  readonly chunker: Chunker
  /** Whatever changes its chunks changes this. */
  readonly definition: { readonly id: string; readonly version: number; readonly options: unknown }
}

export function chunkerProblems(settings: ChunkerSettings): readonly string[] {
  return extensionProblems(chunkerCatalog, 'index.chunker', settings)
}

/** @param further chunkers beside those of the catalogue @throws TouchstoneError CONFIG_INVALID */
export function configuredChunker(settings: ChunkerSettings, further: readonly ChunkerExtension[] = []): ConfiguredChunker {
  const catalog: readonly ChunkerExtension[] = [...chunkerCatalog, ...further]
  const extension = catalog.find(({ id }) => id === settings.kind)
  if (extension === undefined) {
    const problems = extensionProblems(catalog, 'index.chunker', settings)
    throw new TouchstoneError('CONFIG_INVALID', {
      details: { path: 'index.chunker', count: problems.length, problems: problems.join('\n') },
    })
  }
  const { id, version } = extension
  const options = extension.parseOptions(settings)
  return { chunker: extension.create(options, {}), definition: { id, version, options } }
}
