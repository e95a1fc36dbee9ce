/** Sentences and words as vectors without running a model: the sum of learned piece vectors. Knows English only; needs no network. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { SimilarityBackground } from '../../../contracts/embedding-model.ts'
import { toUnitLength } from '../../../foundation/statistics/unit-vectors.ts'
import { createWordPieceTokenizer } from '../../../foundation/text/word-piece-tokenizer.ts'
import { decodeEmbeddingFile, decodeHeader, type EmbeddingHeader, type StaticEmbedding } from './embedding-file.ts'

/** Embeds at once: who compares hundreds of sentences with a question cannot wait for each. */
export interface StaticEmbedder {
  readonly id: string
  readonly dimensions: number
  readonly languages: readonly string[]
  readonly background: SimilarityBackground
  /** @returns `dimensions` values of unit length; all zeros for a text of which no part is known (also the empty one) */
  embed(text: string): Float32Array
}

const SHIPPED = new URL('./static-embedding.bin', import.meta.url)
/** Ample for the header. */
const BEGINNING = 4_096

let shipped: StaticEmbedder | undefined

/**
 * The embedding that ships with the product (all-MiniLM-L6-v2 distilled; NOTICE names what it was made from). Read at the first
 * call, then shared: it has no state but its file.
 * @throws TouchstoneError EMBEDDING_CORRUPT
 */
export function createStaticEmbedder(): StaticEmbedder {
  shipped ??= embedderOf(decodeEmbeddingFile(readFileSync(SHIPPED)))
  return shipped
}

/** What ships, without reading it all, which takes 30 ms: most commands embed nothing. @throws TouchstoneError EMBEDDING_CORRUPT */
export function shippedHeader(): EmbeddingHeader {
  const file = openSync(SHIPPED, 'r')
  try {
    const beginning = Buffer.alloc(BEGINNING)
    return decodeHeader(beginning.subarray(0, readSync(file, beginning))).header
  } finally {
    closeSync(file)
  }
}

/** An embedder over a given table. */
export function embedderOf({ header, vocabulary, rows, scales }: StaticEmbedding): StaticEmbedder {
  const { id, languages, dimensions, background } = header
  const tokenize = createWordPieceTokenizer(vocabulary)
  return {
    id,
    languages,
    dimensions,
    background,
    embed(text) {
      // Every second piece of a passage stands there twice: each is added once, as often as it stands there.
      const times = new Map<number, number>()
      for (const piece of tokenize(text)) times.set(piece, (times.get(piece) ?? 0) + 1)
      const sum = new Float32Array(dimensions)
      for (const [piece, count] of times) {
        const scale = (scales[piece] ?? 0) * count
        const start = piece * dimensions
        for (let d = 0; d < dimensions; d++) sum[d] = (sum[d] ?? 0) + scale * (rows[start + d] ?? 0)
      }
      return toUnitLength(sum)
    },
  }
}
