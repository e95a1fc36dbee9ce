/** Random numbers that a seed decides, the same on every machine. For statistics; knows nothing of secrets or ids. */

export interface SeededRandom {
  /** A whole number from 0 to `below` - 1, each equally likely. @param below 1..2^32 */
  integer(below: number): number
}

/**
 * Xoshiro128**, its state filled by SplitMix32.
 * @param seed whole number; only its low 32 bits count
 * Source: Blackman and Vigna 2018 (arXiv 1805.01407); the bound by rejection, so that no number is favoured.
 */
export function createSeededRandom(seed: number): SeededRandom {
  let filler = seed >>> 0
  const fill = (): number => {
    filler = (filler + 0x9e3779b9) >>> 0
    let mixed = filler
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  let [a, b, c, d] = [fill(), fill(), fill(), fill()]
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
  return {
    integer: (below) => {
      const unfair = 2 ** 32 - (2 ** 32 % below)
      let drawn = next()
      while (drawn >= unfair) drawn = next()
      return drawn % below
    },
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
