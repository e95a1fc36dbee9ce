/** Fits one vector per piece so that weighted means of pieces reproduce given text vectors. Knows least squares only. */
/* oxlint-disable typescript/no-non-null-assertion -- typed arrays, indexed within their bounds by construction */

/** Texts as bags: text t has pieces[starts[t]] .. pieces[starts[t + 1] - 1], each with its share of the mean. */
export interface PieceBags {
  readonly starts: Int32Array
  readonly pieces: Int32Array
  readonly shares: Float32Array
}

/** @param weights pooling weight of each piece, > 0 @returns shares that add up to 1 in each text that has pieces */
export function toBags(texts: readonly (readonly number[])[], weights: Float32Array): PieceBags {
  const starts = new Int32Array(texts.length + 1)
  for (const [row, text] of texts.entries()) starts[row + 1] = starts[row]! + text.length
  const pieces = new Int32Array(starts.at(-1) ?? 0)
  const shares = new Float32Array(pieces.length)
  for (const [row, text] of texts.entries()) {
    const total = text.reduce((sum, piece) => sum + weights[piece]!, 0)
    for (const [at, piece] of text.entries()) {
      pieces[starts[row]! + at] = piece
      shares[starts[row]! + at] = weights[piece]! / total
    }
  }
  return { starts, pieces, shares }
}

/**
 * Smooth inverse frequency: a / (a + p), p the piece's share of all pieces.
 * Source: Arora, Liang, Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings".
 */
export function inverseFrequencyWeights(texts: readonly (readonly number[])[], pieceCount: number, a: number): Float32Array {
  const counts = new Float64Array(pieceCount)
  for (const text of texts) for (const piece of text) counts[piece]! += 1
  const total = counts.reduce((sum, count) => sum + count, 0)
  return Float32Array.from(counts, (count) => a / (a + count / total))
}

/** @returns the share-weighted sum of piece vectors of each text */
export function poolBags(bags: PieceBags, vectors: Float32Array, width: number): Float32Array {
  const count = bags.starts.length - 1
  const pooled = new Float32Array(count * width)
  for (let row = 0; row < count; row++) {
    for (let at = bags.starts[row]!; at < bags.starts[row + 1]!; at++) {
      addScaled(pooled, row * width, vectors, bags.pieces[at]! * width, bags.shares[at]!, width)
    }
  }
  return pooled
}

export interface FitOptions {
  readonly width: number
  /** Pull towards the initial vectors, > 0: what the texts do not say about a piece stays as it was. */
  readonly ridge: number
  readonly iterations: number
}

/**
 * Minimises |bags x - targets|^2 + ridge |x - initial|^2 by conjugate gradients, preconditioned with the diagonal; each coordinate
 * is a problem of its own and all are solved side by side.
 * @returns the fitted piece vectors
 */
export function fitPieces(bags: PieceBags, initial: Float32Array, targets: Float32Array, options: FitOptions): Float32Array {
  const { width, ridge } = options
  const diagonal = normalDiagonal(bags, initial.length / width, ridge)
  const solution = initial.slice()
  const residual = spread(bags, difference(targets, poolBags(bags, initial, width)), initial.length, width)
  let scaled = precondition(residual, diagonal, width)
  const direction = scaled.slice()
  let energy = columnDots(residual, scaled, width)
  for (let step = 0; step < options.iterations; step++) {
    const image = spread(bags, poolBags(bags, direction, width), initial.length, width)
    for (let i = 0; i < image.length; i++) image[i]! += ridge * direction[i]!
    const curvature = columnDots(direction, image, width)
    for (let i = 0; i < solution.length; i++) {
      const length = energy[i % width]! / (curvature[i % width]! || 1)
      solution[i]! += length * direction[i]!
      residual[i]! -= length * image[i]!
    }
    scaled = precondition(residual, diagonal, width)
    const next = columnDots(residual, scaled, width)
    for (let i = 0; i < direction.length; i++) {
      direction[i] = scaled[i]! + (next[i % width]! / (energy[i % width]! || 1)) * direction[i]!
    }
    energy = next
  }
  return solution
}

/** The transpose of pooling: each piece receives the rows of its texts by its shares. */
function spread(bags: PieceBags, rows: Float32Array, length: number, width: number): Float32Array {
  const result = new Float32Array(length)
  for (let row = 0; row + 1 < bags.starts.length; row++) {
    for (let at = bags.starts[row]!; at < bags.starts[row + 1]!; at++) {
      addScaled(result, bags.pieces[at]! * width, rows, row * width, bags.shares[at]!, width)
    }
  }
  return result
}

function normalDiagonal(bags: PieceBags, pieceCount: number, ridge: number): Float64Array {
  const diagonal = new Float64Array(pieceCount).fill(ridge)
  for (const [at, piece] of bags.pieces.entries()) diagonal[piece]! += bags.shares[at]! ** 2
  return diagonal
}

function precondition(values: Float32Array, diagonal: Float64Array, width: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let piece = 0; piece < diagonal.length; piece++)
    addScaled(result, piece * width, values, piece * width, 1 / diagonal[piece]!, width)
  return result
}

function columnDots(a: Float32Array, b: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(width)
  for (let i = 0; i < a.length; i++) sums[i % width]! += a[i]! * b[i]!
  return sums
}

function difference(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, index) => value - b[index]!)
}

function addScaled(into: Float32Array, to: number, values: Float32Array, from: number, factor: number, width: number): void {
  for (let d = 0; d < width; d++) into[to + d]! += factor * values[from + d]!
}
