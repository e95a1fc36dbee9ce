/** One line of a PDF from its pieces: spaces that the file does not spell, cells between wide gaps, glyphs that were drawn twice. */

/** A piece of a line, from left to right as a rule; all in points. */
export interface PdfPiece {
  readonly text: string
  readonly x: number
  readonly width: number
  /** Type size. */
  readonly size: number
}

/** A gap of this share of the type size is a space that the file does not spell. */
const WORD_GAP = 0.2
/** A gap of this many type sizes lies between columns: justified words stand closer. */
const CELL_GAP = 1
/** Pieces that overlap by more than this share of the type size are drawn over each other; kerning overlaps by less. */
const OVERPRINT = 0.25

/** @returns the text between wide gaps: one cell for a line of prose, none for an empty line */
export function joinPdfLine(pieces: readonly PdfPiece[]): readonly string[] {
  const cells: string[] = []
  let text = ''
  let last: PdfPiece | undefined
  const close = (): void => {
    const cell = text.replace(/\s+/g, ' ').trim()
    if (cell !== '') cells.push(cell)
    text = ''
  }
  for (const piece of pieces) {
    // Spaces are as wide as the writer likes: the next word says where it stands.
    if (piece.text.trim() === '') {
      text += piece.text
      continue
    }
    const gap = last === undefined ? 0 : piece.x - (last.x + last.width)
    if (gap > piece.size * CELL_GAP) close()
    else if (gap > piece.size * WORD_GAP && !/\s$/.test(text) && !/^\s/.test(piece.text)) text += ' '
    text += gap < -piece.size * OVERPRINT ? withoutOverprint(text, piece.text) : piece.text
    last = piece
  }
  close()
  return cells
}

/** Bold that is made by drawing everything twice: what stands there already is not written again. */
function withoutOverprint(before: string, text: string): string {
  for (let length = Math.min(before.length, text.length); length > 0; length--) {
    if (before.endsWith(text.slice(0, length))) return text.slice(length)
  }
  return text
}
