/** Principal components of many vectors. Knows linear algebra only. */
/* oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their bounds by construction */

export interface PrincipalComponents {
  /** What is subtracted before projecting. */
  readonly mean: Float64Array
  /** `kept` rows of unit length, by descending variance. */
  readonly axes: Float64Array
  /** Share of the variance that the kept axes carry, (0, 1]. */
  readonly explained: number
}

/**
 * @param rows one vector after another @param width length of each @param kept axes to keep, 1..width
 * Source: eigenvectors of the covariance by cyclic Jacobi rotations (Golub and Van Loan, 8.5).
 */
export function principalComponents(rows: Float32Array, width: number, kept: number): PrincipalComponents {
  const mean = meanOf(rows, width)
  const { values, vectors } = eigenvectors(covariance(rows, mean), width)
  const order = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, kept)
  const axes = new Float64Array(kept * width)
  for (const [row, column] of order.entries()) {
    for (let i = 0; i < width; i++) axes[row * width + i] = vectors[i * width + column] ?? 0
  }
  const total = values.reduce((sum, value) => sum + value, 0)
  return { mean, axes, explained: order.reduce((sum, column) => sum + (values[column] ?? 0), 0) / total }
}

/** @returns the coordinates of each row on the axes */
export function project(rows: Float32Array, { mean, axes }: PrincipalComponents): Float32Array {
  const width = mean.length
  const kept = axes.length / width
  const count = rows.length / width
  const projected = new Float32Array(count * kept)
  for (let row = 0; row < count; row++) {
    for (let axis = 0; axis < kept; axis++) {
      let sum = 0
      for (let i = 0; i < width; i++) sum += (rows[row * width + i]! - mean[i]!) * axes[axis * width + i]!
      projected[row * kept + axis] = sum
    }
  }
  return projected
}

/** @returns the mean row */
export function meanOf(rows: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width)
  const count = rows.length / width
  for (let at = 0; at < rows.length; at++) mean[at % width]! += rows[at]! / count
  return mean
}

function covariance(rows: Float32Array, mean: Float64Array): Float64Array {
  const width = mean.length
  const count = rows.length / width
  const result = new Float64Array(width * width)
  const centred = new Float64Array(width)
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) centred[i] = rows[row * width + i]! - mean[i]!
    for (let i = 0; i < width; i++) {
      const value = centred[i]! / count
      for (let j = 0; j <= i; j++) result[i * width + j]! += value * centred[j]!
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) result[j * width + i] = result[i * width + j]!
  return result
}

/** @returns eigenvalues, and eigenvectors as columns */
function eigenvectors(symmetric: Float64Array, width: number): { values: Float64Array; vectors: Float64Array } {
  const matrix = symmetric.slice()
  const vectors = new Float64Array(width * width)
  for (let i = 0; i < width; i++) vectors[i * width + i] = 1
  const tolerance = 1e-10 * Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0))
  while (offDiagonal(matrix, width) > tolerance) {
    for (let p = 0; p < width - 1; p++) for (let q = p + 1; q < width; q++) rotate(matrix, vectors, width, p, q)
  }
  return { values: Float64Array.from({ length: width }, (_, i) => matrix[i * width + i]!), vectors }
}

/** One rotation that makes the element at row p, column q vanish. */
function rotate(matrix: Float64Array, vectors: Float64Array, width: number, p: number, q: number): void {
  const element = matrix[p * width + q]!
  if (element === 0) return
  const theta = (matrix[q * width + q]! - matrix[p * width + p]!) / (2 * element)
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const cosine = 1 / Math.sqrt(tangent * tangent + 1)
  const sine = tangent * cosine
  for (let i = 0; i < width; i++) turn(matrix, i * width + p, i * width + q, cosine, sine)
  for (let i = 0; i < width; i++) turn(matrix, p * width + i, q * width + i, cosine, sine)
  for (let i = 0; i < width; i++) turn(vectors, i * width + p, i * width + q, cosine, sine)
}

function turn(values: Float64Array, a: number, b: number, cosine: number, sine: number): void {
  const [first, second] = [values[a]!, values[b]!]
  values[a] = cosine * first - sine * second
  values[b] = sine * first + cosine * second
}

function offDiagonal(matrix: Float64Array, width: number): number {
  let sum = 0
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) sum += 2 * matrix[i * width + j]! ** 2
  return Math.sqrt(sum)
}
