/** Reproducible randomness for fuzzing: the same seed gives the same inputs for ever. Knows no input. */
import { createHash } from 'node:crypto'

export interface Random {
  /** In [0, 1). */
  next(): number
  /** Integer in [0, below). */
  below(bound: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** SHA-256 in counter mode: slow beside other generators, fast beside a parser, and the same everywhere. */
export function seededRandom(seed: string): Random {
  let counter = 0
  let block = Buffer.alloc(0)
  const word = (): number => {
    if (block.length < 4) block = createHash('sha256').update(`${seed}/${counter++}`).digest()
    const value = block.readUInt32LE(0)
    block = block.subarray(4)
    return value
  }
  const next = (): number => word() / 2 ** 32
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    below,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
  }
}
