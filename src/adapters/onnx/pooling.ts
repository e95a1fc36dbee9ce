/** From a vector for each token to one for each text. Knows arithmetic only. */

/** The mean over a text's own tokens, padding left out. @param states texts x `length` tokens x `dimensions` */
export function poolMean(states: Float32Array, lengths: readonly number[], length: number, dimensions: number): Float32Array {
  const pooled = new Float32Array(lengths.length * dimensions)
  for (const [text, count] of lengths.entries()) {
    for (let token = 0; token < count; token++) {
      const start = (text * length + token) * dimensions
      for (let d = 0; d < dimensions; d++)
        pooled[text * dimensions + d] = (pooled[text * dimensions + d] ?? 0) + (states[start + d] ?? 0) / count
    }
  }
  return pooled
}

/** The vector of the first token, which some models are trained to gather a text in. */
export function poolFirst(states: Float32Array, lengths: readonly number[], length: number, dimensions: number): Float32Array {
  const pooled = new Float32Array(lengths.length * dimensions)
  for (const text of lengths.keys())
    pooled.set(states.subarray(text * length * dimensions, (text * length + 1) * dimensions), text * dimensions)
  return pooled
}
