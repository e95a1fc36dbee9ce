/** What is fuzzed, as one shape: sound inputs, and what must hold for every spoiled one. */
import type { Random } from './random.ts'

export interface FuzzInput {
  /** What the input is called, where that matters: a file name, a request's name. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Made from a file that is not the project's: never kept in it. */
  readonly foreign?: boolean
}

export interface FuzzTarget {
  /** Sound inputs from which the spoiled ones are made. */
  readonly sound: readonly FuzzInput[]
  /** Bytes and texts are spoiled by mutation.ts unless the target knows better. */
  spoil?(input: FuzzInput, random: Random): FuzzInput
  /** @returns how it ended, counted by name @throws AssertionError when something happened that never may */
  attempt(input: FuzzInput): Promise<string>
  close(): Promise<void>
}

/** One family of inputs, such as the files of one parser. */
export interface FuzzFamily {
  readonly group: 'parsers' | 'http' | 'config'
  readonly name: string
  open(): Promise<FuzzTarget>
}
