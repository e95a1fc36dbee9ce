/** A text with white space collapsed and emphasis and citation markers left out, and the way back to its offsets. */

export interface CollapsedText {
  readonly text: string
  /** @returns the span in the original of a non-empty half-open span of the collapsed text */
  spanOf(start: number, end: number): { readonly start: number; readonly end: number }
}

const LEFT_OUT = /\s+|\s*[[【]\s*\d{1,3}(?:\s*[,;、]\s*\d{1,3})*\s*[\]】]|[*`]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu

export function collapseText(original: string): CollapsedText {
  let text = ''
  const offsets: number[] = []
  const keep = (from: number, to: number): void => {
    for (let index = from; index < to; index++) offsets.push(index)
    text += original.slice(from, to)
  }
  let at = 0
  for (const match of original.matchAll(LEFT_OUT)) {
    keep(at, match.index)
    at = match.index + match[0].length
    const isSpace = /^\s+$/u.test(match[0])
    if (isSpace && text !== '' && !text.endsWith(' ')) {
      text += ' '
      offsets.push(match.index)
    }
  }
  keep(at, original.length)
  return {
    text: text.trimEnd(),
    spanOf: (start, end) => ({ start: offsets[start] ?? 0, end: (offsets[end - 1] ?? -1) + 1 }),
  }
}
