/** Cuts RTF into groups, control words and bytes. Knows the syntax; knows no control word but `bin`. Source: RTF 1.9.1. */

export type RtfToken =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'word'; readonly name: string; readonly value: number | undefined }
  /** A control symbol: `~`, `-`, `_`, `*`. */
  | { readonly kind: 'symbol'; readonly name: string }
  /** Characters 0 to 255, still in the document's encoding. */
  | { readonly kind: 'bytes'; readonly bytes: string; readonly isEscaped: boolean }

const WORD = /([a-zA-Z]{1,32})(-?\d{1,10})? ?/y
const PLAIN = /[^\\{}\r\n]+/y
const ESCAPED_BYTE = /'([0-9a-fA-F]{2})/y

/** @param source one character a byte */
export function* readRtfTokens(source: string): Generator<RtfToken> {
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    at += found?.[0].length ?? 0
    return found
  }
  while (at < source.length) {
    const character = source[at] ?? ''
    if (character === '\r' || character === '\n') at++
    else if (character === '{' || character === '}') {
      at++
      yield { kind: character === '{' ? 'open' : 'close' }
    } else if (character === '\\') {
      at++
      const escaped = take(ESCAPED_BYTE)
      const word = escaped === null ? take(WORD) : null
      if (escaped !== null)
        yield { kind: 'bytes', bytes: String.fromCharCode(Number.parseInt(escaped[1] ?? '', 16)), isEscaped: true }
      else if (word === null) yield symbolToken(source[at++] ?? '')
      else {
        const value = word[2] === undefined ? undefined : Number(word[2])
        if (word[1] === 'bin') at += Math.max(0, value ?? 0)
        else yield { kind: 'word', name: word[1] ?? '', value }
      }
    } else yield { kind: 'bytes', bytes: take(PLAIN)?.[0] ?? '', isEscaped: false }
  }
}

function symbolToken(name: string): RtfToken {
  if (name === '\\' || name === '{' || name === '}') return { kind: 'bytes', bytes: name, isEscaped: true }
  // A line end after a backslash ends the paragraph.
  return name === '\n' || name === '\r' ? { kind: 'word', name: 'par', value: undefined } : { kind: 'symbol', name }
}
