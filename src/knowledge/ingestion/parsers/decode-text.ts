/** From bytes in any encoding to a string: byte order marks, declarations, then detection. Knows nothing of markup beyond a declared charset. */
import { parseFailure } from './define-parser.ts'

/** Detection looks at this much: enough to tell encodings apart, little enough to be quick. */
const SAMPLE_BYTES = 64 * 1024
/** Below this a guess is noise; Western text is then the likeliest. */
const MIN_CONFIDENCE = 20
/** More zero bytes than this are another encoding's, fewer are stray. */
const MAX_NUL_SHARE = 0.1
/** More than this share of control or replacement characters is not text. */
const MAX_GARBAGE_SHARE = 0.01

/**
 * Decodes text. CRLF and CR become LF; NUL and byte order marks go; nothing else is changed.
 * @param declared label found in the document itself, used when no byte order mark contradicts it
 * @throws TouchstoneError PARSE_FAILED when the bytes are no text in any encoding known
 */
export async function decodeText(bytes: Uint8Array, path: string, declared?: string): Promise<string> {
  const decoded =
    decodeByMark(bytes) ??
    decodeDeclared(bytes, declared) ??
    decodeUtf8(bytes) ??
    decodeWide(bytes) ??
    (await decodeDetected(bytes))
  refuseGarbage(decoded, path)
  return cleanText(mendTwiceEncoded(decoded))
}

/** @returns text with LF line ends, without NUL and without a leading byte order mark */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('\u0000', '')
    .replace(/^\ufeff/, '')
}

/** A lead byte and what follows it, each as a character of its own. */
const TWICE_ENCODED = /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}/g

/** UTF-8 that was taken for Latin-1 and encoded again shows control characters, which no text has; a part of a text may have come so. */
function mendTwiceEncoded(text: string): string {
  if (!/[\u00c2-\u00f4][\u0080-\u009f]/.test(text)) return text
  return text.replace(TWICE_ENCODED, (whole) => decodeUtf8(Buffer.from(whole, 'latin1')) ?? whole)
}

function decodeByMark(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder('utf-8').decode(bytes)
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0) return decodeUtf32(bytes.subarray(4), true)
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return decodeUtf32(bytes.subarray(4), false)
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return undefined
}

function decodeDeclared(bytes: Uint8Array, declared: string | undefined): string | undefined {
  // A page that says UTF-16 in ASCII letters is not UTF-16 (HTML standard, "prescan").
  if (declared === undefined || /^utf-?(8|16|32)/i.test(declared)) return undefined
  try {
    return new TextDecoder(declared).decode(bytes)
  } catch {
    return undefined
  }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const sample = text.slice(0, SAMPLE_BYTES)
    return sample.split('\u0000').length - 1 > sample.length * MAX_NUL_SHARE ? undefined : text
  } catch {
    return undefined
  }
}

/** UTF-16 and UTF-32 without a mark: the zero bytes of common characters show the order. */
function decodeWide(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES & ~3)
  const zeros = [0, 0, 0, 0]
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 4] = (zeros[index % 4] ?? 0) + 1
  const quarter = sample.length / 4
  const share = zeros.map((count) => (quarter === 0 ? 0 : count / quarter))
  const [a = 0, b = 0, c = 0, d = 0] = share
  if (bytes.length % 4 === 0 && a < 0.1 && c > 0.9 && d > 0.9) return decodeUtf32(bytes, true)
  if (bytes.length % 4 === 0 && d < 0.1 && a > 0.9 && b > 0.9) return decodeUtf32(bytes, false)
  const [even, odd] = [(a + c) / 2, (b + d) / 2]
  if (odd > 0.1 && odd > 3 * even) return new TextDecoder('utf-16le').decode(bytes)
  if (even > 0.1 && even > 3 * odd) return new TextDecoder('utf-16be').decode(bytes)
  return undefined
}

/** TextDecoder knows no UTF-32. */
function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: string[] = []
  for (let offset = 0; offset + 4 <= bytes.byteLength; offset += 4) {
    const point = view.getUint32(offset, littleEndian)
    const isScalar = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
    parts.push(isScalar ? String.fromCodePoint(point) : '\ufffd')
  }
  return parts.join('')
}

async function decodeDetected(bytes: Uint8Array): Promise<string> {
  const { analyse } = await import('chardet')
  for (const match of analyse(bytes.subarray(0, SAMPLE_BYTES))) {
    if (match.confidence < MIN_CONFIDENCE) break
    try {
      return new TextDecoder(match.name).decode(bytes)
    } catch {
      // TextDecoder does not know every encoding that can be detected: the next likely one is tried.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes)
}

function refuseGarbage(text: string, path: string): void {
  // Tab, line ends, form feed, and the escape of coloured logs are text.
  // oxlint-disable-next-line no-control-regex
  const garbage = text.match(/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f\ufffd]/g)?.length ?? 0
  if (garbage > text.length * MAX_GARBAGE_SHARE) throw parseFailure(path, 'it is binary data, not text')
}
