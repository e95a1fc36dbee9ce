/** Spoils sound inputs: bytes, texts, and the entries of archives so that their checksums hold. Knows no parser. */
import { unzipSync, zipSync } from 'fflate'
import type { Random } from './random.ts'

/** Ends of ranges, and what formats count, nest and quote with. */
const TOKENS = [
  '\0', '\u{FEFF}', '\r\n', '\n\n', '-1', '0', '99999999999', '2147483648', '1e999', 'NaN', '%s', '&#0;', '&lt;', ']]>', '<!--', '-->',
  '<', '>', '</', '<a>', '<table><tr><td>', '&x;', '"', "'", '\\', '{', '}', '[', ']', '((((((((', '|', '---\n', '# ', '```', '\u202e', '\ud800',
  '%00', '../', 'obj\n', 'endobj', '/Kids [', '<<', '>>', 'stream\n', '=?utf-8?B?', '--boundary', 'Content-Type: ', '\t', ';', ',',
] // prettier-ignore

const MOST_EDITS = 8
/** A mutated input stays small, so that many are tried. */
const MOST_BYTES = 400_000

/** @param other another sound input of the family, spliced in now and then */
export function mutate(sound: Uint8Array, other: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const zipped = isZip(sound) && random.next() < 0.8 ? mutateEntry(sound, other, random) : undefined
  return zipped ?? mutateBytes(sound, other, random)
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b
}

/** Bytes inside an archive are hardly ever reached by spoiling the archive: its checksum fails first. */
function mutateEntry(sound: Uint8Array, other: Uint8Array, random: Random): Uint8Array<ArrayBuffer> | undefined {
  const entries = unzipSync(sound)
  const names = Object.keys(entries)
  if (names.length === 0) return undefined
  const name = random.pick(names)
  const content = entries[name] ?? new Uint8Array()
  const choice = random.next()
  if (choice < 0.05) delete entries[name]
  else if (choice < 0.1) entries[`${name}${random.pick(TOKENS)}`] = content
  else if (choice < 0.15) entries[random.pick(names)] = content
  else entries[name] = mutateBytes(content, isZip(other) ? content : other, random)
  return Uint8Array.from(zipSync(entries, { level: 0 }))
}

function mutateBytes(sound: Uint8Array, other: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let bytes: Buffer<ArrayBuffer> = Buffer.from(sound)
  for (let edits = 1 + random.below(MOST_EDITS); edits > 0; edits--) bytes = random.pick(EDITS)(bytes, other, random)
  return Buffer.from(bytes.subarray(0, MOST_BYTES))
}

type Edit = (bytes: Buffer<ArrayBuffer>, other: Uint8Array, random: Random) => Buffer<ArrayBuffer>

const EDITS: readonly Edit[] = [
  (bytes, _other, random) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256)
    return bytes
  },
  (bytes, _other, random) => {
    const at = random.below(Math.max(1, bytes.length))
    if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    return bytes
  },
  (bytes, _other, random) => insert(bytes, random.below(bytes.length + 1), Buffer.from(random.pick(TOKENS))),
  (bytes, _other, random) =>
    insert(bytes, random.below(bytes.length + 1), Buffer.from(random.pick(TOKENS).repeat(1 + random.below(200)))),
  (bytes, _other, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, _other, random) => {
    const [from, to] = range(bytes.length, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  (bytes, _other, random) => {
    const [from, to] = range(bytes.length, random)
    return insert(bytes, random.below(bytes.length + 1), bytes.subarray(from, to))
  },
  (bytes, other, random) => {
    const [from, to] = range(other.length, random)
    return insert(bytes, random.below(bytes.length + 1), Buffer.from(other.subarray(from, to)))
  },
  // A number becomes another one: lengths, offsets, counts.
  (bytes, _other, random) => {
    const text = bytes.toString('latin1')
    const numbers = [...text.matchAll(/\d+/g)]
    if (numbers.length === 0) return bytes
    const found = random.pick(numbers)
    const value = random.pick(['0', '-1', '1', '65536', '4294967295', '99999999999999999999', `${found[0]}${found[0]}`])
    return Buffer.from(text.slice(0, found.index) + value + text.slice(found.index + found[0].length), 'latin1')
  },
]

function insert(bytes: Buffer<ArrayBuffer>, at: number, piece: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
}

function range(length: number, random: Random): readonly [number, number] {
  const from = random.below(length + 1)
  return [from, Math.min(length, from + random.below(Math.min(2_000, length) + 1))]
}
