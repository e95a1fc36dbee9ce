/** Measures a finished embedding: cosines of unrelated texts, and how far it orders pairs as its teacher does. Writes nothing. */
import type { SimilarityBackground } from '../../src/contracts/embedding-model.ts'
import type { StaticEmbedding } from '../../src/adapters/builtin/static-embedding/embedding-file.ts'
import { embedderOf } from '../../src/adapters/builtin/static-embedding/static-embedder.ts'
import { cosine } from '../../src/foundation/statistics/unit-vectors.ts'

const PAIRS = 20_000

/** @returns mean and standard deviation of the cosine over pairs of texts that a seed draws */
export function measureBackground(embedding: StaticEmbedding, texts: readonly string[]): SimilarityBackground {
  const vectors = texts.map(embedderOf(embedding).embed)
  const cosines = drawPairs(vectors.length).map(([a, b]) => cosineOf(vectors, a, b))
  const mean = average(cosines)
  return { mean, deviation: Math.sqrt(average(cosines.map((value) => (value - mean) ** 2))) }
}

/** @param wanted the teacher's unit vectors of the texts @returns correlations of the cosines of drawn pairs, [-1, 1] */
export function agreementWithTeacher(
  embedding: StaticEmbedding,
  texts: readonly string[],
  wanted: Float32Array,
): { readonly pearson: number; readonly spearman: number } {
  const width = wanted.length / texts.length
  const own = texts.map(embedderOf(embedding).embed)
  const teacher = texts.map((_, row) => wanted.subarray(row * width, (row + 1) * width))
  const pairs = drawPairs(texts.length)
  const [ours, theirs] = [own, teacher].map((vectors) => pairs.map(([a, b]) => cosineOf(vectors, a, b)))
  return { pearson: correlation(ours ?? [], theirs ?? []), spearman: correlation(ranks(ours ?? []), ranks(theirs ?? [])) }
}

/** Pairs of different numbers below `count`, the same for every run. Source of the generator: Numerical Recipes, 7.1. */
function drawPairs(count: number): readonly (readonly [number, number])[] {
  let state = 1
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  return Array.from({ length: PAIRS }, () => [draw(), draw()] as const).filter(([a, b]) => a !== b)
}

function cosineOf(vectors: readonly Float32Array[], a: number, b: number): number {
  return cosine(vectors[a] ?? new Float32Array(0), vectors[b] ?? new Float32Array(0))
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [average(a), average(b)]
  const product = average(a.map((value, at) => (value - meanA) * ((b[at] ?? 0) - meanB)))
  const spread = (values: readonly number[], mean: number) => Math.sqrt(average(values.map((value) => (value - mean) ** 2)))
  return product / (spread(a, meanA) * spread(b, meanB))
}

function ranks(values: readonly number[]): readonly number[] {
  const result = values.map(() => 0)
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  for (const [rank, at] of order.entries()) result[at] = rank
  return result
}
