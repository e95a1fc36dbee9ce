/** Tells by their first bytes what files really are. Knows signatures; opens nothing. */
import { parseFailure } from './define-parser.ts'

interface Signature {
  readonly name: string
  readonly bytes: readonly number[]
}

const SIGNATURES: readonly Signature[] = [
  { name: 'a PDF file', bytes: [...Buffer.from('%PDF-')] },
  { name: 'a ZIP archive', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'an empty ZIP archive', bytes: [0x50, 0x4b, 0x05, 0x06] },
  { name: 'an RTF file', bytes: [...Buffer.from(String.raw`{\rtf`)] },
  { name: 'a gzip archive', bytes: [0x1f, 0x8b, 0x08] },
  { name: 'a 7z archive', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { name: 'a RAR archive', bytes: [...Buffer.from('Rar!\u001a\u0007')] },
  { name: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { name: 'a JPEG image', bytes: [0xff, 0xd8, 0xff] },
  { name: 'a GIF image', bytes: [...Buffer.from('GIF8')] },
  { name: 'an executable', bytes: [0x7f, 0x45, 0x4c, 0x46] },
  { name: 'an SQLite database', bytes: [...Buffer.from('SQLite format 3\u0000')] },
]

export type SniffedFormat = 'pdf' | 'zip'

const FORMATS: Readonly<Record<SniffedFormat, string>> = {
  pdf: 'a PDF file',
  zip: 'a ZIP archive',
}

/** @returns what the bytes are, in words, or nothing when no signature matches (as for all text) */
export function sniffBinary(bytes: Uint8Array): string | undefined {
  return SIGNATURES.find((signature) => signature.bytes.every((byte, index) => bytes[index] === byte))?.name
}

export function looksLike(format: SniffedFormat, bytes: Uint8Array): boolean {
  return sniffBinary(bytes) === FORMATS[format]
}

/** @throws TouchstoneError PARSE_FAILED naming what a supposed text file really is */
export function refuseBinary(bytes: Uint8Array, path: string): void {
  const found = sniffBinary(bytes)
  if (found !== undefined) throw parseFailure(path, `it is really ${found}`)
}

/** @throws TouchstoneError PARSE_FAILED saying what the file is instead */
export function requireFormat(format: SniffedFormat, bytes: Uint8Array, path: string): void {
  if (looksLike(format, bytes)) return
  throw parseFailure(path, `it is not ${FORMATS[format]}${describe(bytes)}`)
}

function describe(bytes: Uint8Array): string {
  const found = sniffBinary(bytes)
  return found === undefined ? '' : ` but ${found}`
}
