/** Vectors as directions: unit length, cosines, int8. Knows arithmetic only. */

/** @returns the vector itself, scaled to unit length; all zeros stay */
export function toUnitLength(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  if (squares === 0) return vector
  const factor = 1 / Math.sqrt(squares)
  for (let d = 0; d < vector.length; d++) vector[d] = (vector[d] ?? 0) * factor
  return vector
}

/** Of two vectors of unit length: [-1, 1]; 0 when one of them is all zeros. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (b[d] ?? 0)
  return Math.max(-1, Math.min(1, sum))
}

/** Largest magnitude of a stored value: -128 is left out, so that a direction and its opposite are stored alike. */
const LARGEST = 127

/** The direction in one byte a dimension, the longest value filling it: cosines change by some 0.001. All zeros stay. */
export function toInt8Direction(vector: Float32Array): Int8Array {
  let most = 0
  for (const value of vector) most = Math.max(most, Math.abs(value))
  const factor = most === 0 ? 0 : LARGEST / most
  const direction = new Int8Array(vector.length)
  for (let d = 0; d < vector.length; d++) direction[d] = Math.round((vector[d] ?? 0) * factor)
  return direction
}
