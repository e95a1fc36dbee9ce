/** Vectors as bytes with one scale a row. Knows arithmetic only. */

/**
 * @param vectors one row of `width` values a piece @param weights factor of each row, folded into its scale
 * @returns `rows` in [-127, 127] with row * scale = vector * weight, up to half a step
 */
export function quantizeRows(
  vectors: Float32Array,
  weights: Float32Array,
  width: number,
): { readonly rows: Int8Array; readonly scales: Float32Array } {
  const rows = new Int8Array(vectors.length)
  const scales = weights.map((weight, piece) => {
    const vector = vectors.subarray(piece * width, (piece + 1) * width)
    const step = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127 || 1
    rows.set(
      vector.map((value) => Math.round(value / step)),
      piece * width,
    )
    return step * weight
  })
  return { rows, scales }
}
