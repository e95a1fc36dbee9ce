/** White space inside a block: soft line breaks become spaces, hard ones stay. Knows nothing of formats. */

/** Stands for a hard line break until the white space around it is settled; stored text never holds NUL, so it is free. */
export const HARD_BREAK = '\u0000'

/** Scripts written without spaces between words: a line break between two of their characters is no space. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff60]/u

/** Collapses runs of spaces, tabs and line breaks; a HARD_BREAK becomes one line break. No-break spaces stay as they are. */
export function settleWhiteSpace(text: string): string {
  const collapsed = text.replace(/[ \t\n\r\f]+/g, (run, offset: number) => {
    if (!/[\n\r]/.test(run)) return ' '
    return joinsWithoutSpace(text[offset - 1], text[offset + run.length]) ? '' : ' '
  })
  return collapsed
    .split(HARD_BREAK)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

/** One line: hard breaks count as spaces too, as a table cell or a heading needs it. */
export function settleToOneLine(text: string): string {
  return settleWhiteSpace(text.replaceAll(HARD_BREAK, '\n'))
}

/** Joins the lines of one paragraph: words that were cut at the line's end become whole again. */
export function joinLines(lines: readonly string[]): string {
  let joined = ''
  for (const line of lines) {
    if (joined === '') joined = line
    else if (endsInCutWord(joined, line)) joined = joined.slice(0, -1) + line
    else joined += (joinsWithoutSpace(joined.at(-1), line[0]) ? '' : ' ') + line
  }
  return joined
}

/** A letter and a hyphen (or a soft hyphen) at the end, a lower-case letter at the start of the next line. */
function endsInCutWord(line: string, next: string): boolean {
  return /\p{L}[-\u00ad\u2010]$/u.test(line.slice(-3)) && /^\p{Ll}/u.test(next)
}

function joinsWithoutSpace(before: string | undefined, after: string | undefined): boolean {
  return before !== undefined && after !== undefined && UNSPACED.test(before) && UNSPACED.test(after)
}
