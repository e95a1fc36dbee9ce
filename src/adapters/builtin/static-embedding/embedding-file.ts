/** The file of a static embedding, read and written. Knows the layout; nothing of tokenising or pooling. */
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import type { SimilarityBackground } from '../../../contracts/embedding-model.ts'

/** Bytes: mark, header length (uint32, little endian), header (JSON padded with blanks), scales, rows, pieces. */
const MARK = Buffer.from('TSEMBED1')
const HEADER_START = MARK.length + 4

export interface EmbeddingHeader {
  readonly id: string
  readonly languages: readonly string[]
  readonly dimensions: number
  readonly pieces: number
  readonly background: SimilarityBackground
  /** What it was made from, for people. */
  readonly origin: Readonly<Record<string, string | number>>
}

export interface StaticEmbedding {
  readonly header: EmbeddingHeader
  /** WordPiece vocabulary, one entry per row. */
  readonly vocabulary: readonly string[]
  /** `pieces` rows of `dimensions` values in [-127, 127]. */
  readonly rows: Int8Array
  /** What a row is multiplied with, one per piece; pooling weight included. */
  readonly scales: Float32Array
}

export function encodeEmbeddingFile({ header, vocabulary, rows, scales }: StaticEmbedding): Buffer {
  const text = JSON.stringify(header)
  const json = Buffer.from(text.padEnd(text.length + 64 - ((HEADER_START + Buffer.byteLength(text)) % 64)))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const floats = Buffer.alloc(scales.length * 4)
  for (const [at, scale] of scales.entries()) floats.writeFloatLE(scale, at * 4)
  const bytes = Buffer.from(rows.buffer, rows.byteOffset, rows.length)
  return Buffer.concat([MARK, length, json, floats, bytes, Buffer.from(vocabulary.join('\n'))])
}

/**
 * @param file stays in use: the rows are a view of it
 * @throws TouchstoneError EMBEDDING_CORRUPT when the parts do not fit together
 */
export function decodeEmbeddingFile(file: Buffer): StaticEmbedding {
  const { header, end: headerEnd } = decodeHeader(file)
  const rowsStart = headerEnd + header.pieces * 4
  const rowsEnd = rowsStart + header.pieces * header.dimensions
  const vocabulary = file.toString('utf8', rowsEnd).split('\n')
  if (vocabulary.length !== header.pieces) throw corrupt(`${vocabulary.length} pieces instead of ${header.pieces}`)
  return {
    header,
    vocabulary,
    rows: new Int8Array(file.buffer, file.byteOffset + rowsStart, rowsEnd - rowsStart),
    scales: Float32Array.from({ length: header.pieces }, (_, piece) => file.readFloatLE(headerEnd + piece * 4)),
  }
}

/** What it is, without what it holds. @param file its beginning is enough @throws TouchstoneError EMBEDDING_CORRUPT */
export function decodeHeader(file: Buffer): { readonly header: EmbeddingHeader; readonly end: number } {
  if (file.length < HEADER_START || !file.subarray(0, MARK.length).equals(MARK)) throw corrupt('it does not begin as one')
  const end = HEADER_START + file.readUInt32LE(MARK.length)
  return { header: parseHeader(file.subarray(HEADER_START, end)), end }
}

function parseHeader(json: Buffer): EmbeddingHeader {
  try {
    return JSON.parse(json.toString('utf8')) as EmbeddingHeader
  } catch (cause) {
    throw corrupt('its header is no JSON', cause)
  }
}

function corrupt(reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('EMBEDDING_CORRUPT', { details: { reason }, cause })
}
