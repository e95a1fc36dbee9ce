/** A small summary of a text that tells how much of two texts is the same. Knows words in order; knows nothing of languages or documents. */
import { segmentWords } from './segmentation.ts'
import { foldText } from './unicode.ts'

/** Ascending distinct hashes, at most `SKETCH_SIZE`; empty for a text without words. */
export type TextSketch = Uint32Array<ArrayBuffer>

/** The standard error of a resemblance r is sqrt(r (1 - r) / 128): .035 at .8. Texts of fewer runs are compared exactly. */
const SKETCH_SIZE = 128
/** Words that are looked at together: an edited word changes three runs. */
const RUN_WORDS = 3

/**
 * The smallest hashes of all runs of three words, which are a sample of the runs that is the same wherever the runs are.
 * Case, punctuation, white space and how characters are encoded make no difference.
 * Source: Broder 1997, "On the resemblance and containment of documents", the sketch M_s.
 */
export function sketchText(text: string): TextSketch {
  return sketchRuns(wordHashes(foldText(text)))
}

/** The same of words, or terms, that are known already. */
export function sketchWords(words: readonly string[]): TextSketch {
  return sketchRuns(words.map(hashWord))
}

/** Every distinct run of three words of a text, as hashes: for whether one text stands in another, which a sample does not tell. */
export function textRuns(text: string): ReadonlySet<number> {
  return new Set(hashRuns(wordHashes(foldText(text))))
}

function sketchRuns(words: readonly number[]): TextSketch {
  return smallestDistinct(hashRuns(words).sort())
}

function hashRuns(words: readonly number[]): Uint32Array {
  if (words.length === 0) return new Uint32Array()
  const runs = new Uint32Array(Math.max(1, words.length - RUN_WORDS + 1))
  for (let at = 0; at < runs.length; at++) runs[at] = hashRun(words, at)
  return runs
}

/**
 * The share of the runs of either text that both have (Jaccard), estimated from the smallest of their union.
 * @returns in [0, 1]; 1 for texts of the same words, 0 where one has none
 */
export function resemblance(left: TextSketch, right: TextSketch): number {
  let [shared, seen, at, other] = [0, 0, 0, 0]
  while (seen < SKETCH_SIZE && (at < left.length || other < right.length)) {
    const difference = (left[at] ?? Infinity) - (right[other] ?? Infinity)
    if (difference === 0) shared++
    if (difference <= 0) at++
    if (difference >= 0) other++
    seen++
  }
  return seen === 0 ? 0 : shared / seen
}

/** As it is stored: four bytes a hash, the lowest first. */
export function encodeSketch(sketch: TextSketch): Uint8Array {
  return new Uint8Array(sketch.buffer, sketch.byteOffset, sketch.byteLength)
}

/** The way back. */
export function decodeSketch(bytes: Uint8Array): TextSketch {
  return new Uint32Array(Uint8Array.from(bytes).buffer)
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** Everything below U+0E00 is written with spaces between words; only a dictionary finds the words of what is not. */
const UNSPACED = /[^\0-\u0dff]/

/** Simpler than the words of the index: an apostrophe or a separator more or less must not make another text. */
function wordHashes(folded: string): readonly number[] {
  const hashes: number[] = []
  for (const word of folded.match(WORD) ?? [])
    if (UNSPACED.test(word)) for (const { text } of segmentWords(word, '')) hashes.push(hashWord(text))
    else hashes.push(hashWord(word))
  return hashes
}

/** FNV-1a over code units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  return hash
}

/** Murmur3 of the words' hashes: neighbouring runs must not get neighbouring numbers. */
function hashRun(words: readonly number[], start: number): number {
  let hash = 0
  for (let at = start; at < Math.min(words.length, start + RUN_WORDS); at++) {
    const word = Math.imul(rotate(Math.imul(words[at] ?? 0, 0xcc9e2d51), 15), 0x1b873593)
    hash = Math.imul(rotate(hash ^ word, 13), 5) + 0xe6546b64
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function smallestDistinct(ascending: Uint32Array): TextSketch {
  const smallest: number[] = []
  for (const hash of ascending) {
    if (smallest.length === SKETCH_SIZE) break
    if (hash !== smallest.at(-1)) smallest.push(hash)
  }
  return Uint32Array.from(smallest)
}
