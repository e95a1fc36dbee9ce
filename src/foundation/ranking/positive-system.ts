/** Solves small systems of linear equations with a positive definite matrix. Knows numbers only. */

/**
 * @param matrix symmetric, positive definite, n times n; only its lower triangle is read
 * @returns x with matrix x = right
 * Source: Cholesky's decomposition.
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  const lower = decompose(matrix, size)
  const at = (i: number, j: number): number => lower[i * size + j] as number
  const solution = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) solution[i] = (solution[i] as number) - at(i, j) * (solution[j] as number)
    solution[i] = (solution[i] as number) / at(i, i)
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i + 1; j < size; j++) solution[i] = (solution[i] as number) - at(j, i) * (solution[j] as number)
    solution[i] = (solution[i] as number) / at(i, i)
  }
  return solution
}

function decompose(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number)
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / (lower[j * size + j] as number)
    }
  }
  return lower
}
