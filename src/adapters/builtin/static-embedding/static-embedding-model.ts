/** The shipped static embedding as an EmbeddingModel, for an index. Knows the contract; the embedder does the work. */
import type { EmbeddingModel } from '../../../contracts/embedding-model.ts'
import { systemClock, type Clock } from '../../../foundation/concurrency/clock.ts'
import { createStaticEmbedder, shippedHeader } from './static-embedder.ts'

/** Texts after which others get their turn: 0.2 ms each. */
const AT_ONCE = 200

/** Costs nothing, needs no network, knows English. @throws TouchstoneError EMBEDDING_CORRUPT */
export function createStaticEmbeddingModel(clock: Clock = systemClock): EmbeddingModel {
  const { id, dimensions, languages, background } = shippedHeader()
  return {
    id,
    dimensions,
    languages,
    reordersOnly: true,
    embed: async (texts, _options, signal) => {
      const { embed } = createStaticEmbedder()
      const vectors: Float32Array[] = []
      for (const text of texts) {
        signal.throwIfAborted()
        vectors.push(embed(text))
        if (vectors.length % AT_ONCE === 0) await clock.sleep(0, signal)
      }
      return vectors
    },
    background: async () => background,
    close: async () => {},
  }
}
