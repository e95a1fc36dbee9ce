/** Collects the paragraphs, cells and rows of RTF and writes them as blocks. Knows how they end; knows no control word. */
import type { BlockWriter } from './block-writer.ts'
import { cleanText } from './decode-text.ts'
import { splitGrid } from './header-row.ts'
import { HARD_BREAK, settleToOneLine, settleWhiteSpace } from './inline-text.ts'
import { renderTableRows } from './table-rows.ts'

export interface RtfParagraph {
  /** 1..6 for headings. */
  readonly level?: number | undefined
  readonly isListItem?: boolean
  readonly isInTable?: boolean
}

export class RtfBlocks {
  /** Of the paragraph under way. */
  paragraph: RtfParagraph = {}
  /** The row under way is marked as a header. */
  rowIsHeader = false
  readonly #writer: BlockWriter
  #inline = ''
  #cells: string[] = []
  #rows: { readonly cells: readonly string[]; readonly isHeader: boolean }[] = []
  #list: object | undefined

  constructor(writer: BlockWriter) {
    this.#writer = writer
  }

  text(text: string): void {
    this.#inline += text
  }

  breakLine(): void {
    this.#inline += HARD_BREAK
  }

  endParagraph(): void {
    if (this.paragraph.isInTable === true) return this.breakLine()
    this.#endTable()
    const text = settleWhiteSpace(this.#takeInline())
    if (text === '') return
    const { level, isListItem = false } = this.paragraph
    this.#list = isListItem ? (this.#list ?? {}) : undefined
    if (level !== undefined) this.#writer.write('heading', settleToOneLine(text), { level })
    else if (this.#list === undefined) this.#writer.write('paragraph', text)
    else this.#writer.write('list-item', text.replace(/^[•·\u00b7\uf0b7▪◦○●■-]\s+/, ''), { group: this.#list })
  }

  endCell(): void {
    this.#cells.push(settleToOneLine(this.#takeInline()))
  }

  endRow(): void {
    if (this.#cells.length > 0) this.#rows.push({ cells: this.#cells, isHeader: this.rowIsHeader })
    this.#cells = []
  }

  finish(): void {
    if (this.#cells.length > 0) {
      this.endCell()
      this.endRow()
    }
    this.paragraph = {}
    this.endParagraph()
  }

  #takeInline(): string {
    const inline = cleanBytes(this.#inline)
    this.#inline = ''
    return inline
  }

  #endTable(): void {
    const rows = this.#rows
    if (rows.length === 0) return
    this.#rows = []
    const { titles, header } = splitGrid(rows.map((row) => row.cells))
    const isMarked = rows.some((row) => row.isHeader)
    const group = {}
    const table = rows.slice(isMarked ? 0 : titles.length).map(({ cells, isHeader }, index) => ({
      isHeader: isMarked ? isHeader : index === 0 && header !== undefined,
      cells: cells.map((text) => ({ text, isHeader: false, columns: 1, rows: 1 })),
    }))
    if (!isMarked) for (const title of titles) this.#writer.write('paragraph', title)
    for (const line of renderTableRows(table)) this.#writer.write('table-row', line, { group })
  }
}

/** A HARD_BREAK is NUL, which no text may hold, so it survives the cleaning beside it. */
function cleanBytes(text: string): string {
  return text
    .split(HARD_BREAK)
    .map((line) => cleanText(line).toWellFormed())
    .join(HARD_BREAK)
}
