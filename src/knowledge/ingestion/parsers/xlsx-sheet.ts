/** The cells of a worksheet, read in one pass. Knows cell types; knows nothing of tables and text. Source: ECMA-376, 18.3. */
import { readCell } from '../../document-place.ts'
import { showPlain } from './number-format.ts'
import { type CellRange, readRange, SheetRows } from './sheet.ts'
import { readXml, type XmlTag } from './xml-reader.ts'
import type { CellStyle } from './xlsx-styles.ts'

export interface WorkbookParts {
  readonly path: string
  readonly sharedStrings: readonly string[]
  readonly styleOf: (index: string | undefined) => CellStyle
  readonly from1904: boolean
  /** Hears the length of each cell's text, and may refuse more by throwing. */
  readonly onText: (length: number) => void
}

export interface WorksheetCells {
  readonly rows: SheetRows
  readonly merges: readonly CellRange[]
  /** What the automatic filter covers: its top row names the columns. */
  readonly filters: readonly CellRange[]
  /** Formulas whose result the file does not hold. */
  readonly uncalculated: number
}

/** @throws TouchstoneError PARSE_FAILED */
export function readWorksheet(source: string, parts: WorkbookParts): WorksheetCells {
  const walk = new WorksheetWalk(parts)
  readXml(source, parts.path, walk)
  return walk
}

class WorksheetWalk implements WorksheetCells {
  readonly rows: SheetRows
  readonly merges: CellRange[] = []
  readonly filters: CellRange[] = []
  uncalculated = 0
  readonly #parts: WorkbookParts
  #row = 0
  #column = 0
  #cell: XmlTag | undefined
  #value = ''
  #hasFormula = false
  /** The element whose text is the cell's value: `v`, or `t` of an inline string. */
  #isValue = false
  /** Inside what only helps to pronounce the text. */
  #isPhonetic = false

  constructor(parts: WorkbookParts) {
    this.#parts = parts
    this.rows = new SheetRows(parts.onText)
  }

  open(tag: XmlTag): void {
    if (tag.local === 'row') this.#openRow(tag)
    else if (tag.local === 'c') this.#openCell(tag)
    else if (tag.local === 'v' || tag.local === 't') this.#isValue = this.#cell !== undefined && !this.#isPhonetic
    else if (tag.local === 'f') this.#hasFormula = true
    else if (tag.local === 'rPh') this.#isPhonetic = true
    else if (tag.local === 'mergeCell') this.#addRange(this.merges, tag)
    else if (tag.local === 'autoFilter') this.#addRange(this.filters, tag)
  }

  close(local: string): void {
    if (local === 'c') this.#closeCell()
    else if (local === 'v' || local === 't') this.#isValue = false
    else if (local === 'rPh') this.#isPhonetic = false
  }

  text(text: string): void {
    if (this.#isValue) this.#value += text
  }

  /** Rows and cells may leave out where they are: then they follow the one before. */
  #openRow(tag: XmlTag): void {
    this.#row = Number(tag.attribute('r') ?? this.#row + 1) || this.#row + 1
    this.#column = 0
  }

  #openCell(tag: XmlTag): void {
    const { row, column } = readCell(tag.attribute('r') ?? '')
    this.#column = column === 0 ? this.#column + 1 : column
    if (row > 0) this.#row = row
    this.#cell = tag
    this.#value = ''
    this.#hasFormula = false
  }

  #closeCell(): void {
    const cell = this.#cell
    this.#cell = undefined
    if (cell === undefined) return
    if (this.#value === '') {
      if (this.#hasFormula) this.uncalculated++
      return
    }
    const style = this.#parts.styleOf(cell.attribute('s'))
    const { text, isText } = this.#show(cell.attribute('t') ?? 'n', style)
    this.rows.add(this.#row, { column: this.#column, text, isText, isBold: style.isBold })
  }

  #show(type: string, style: CellStyle): { readonly text: string; readonly isText: boolean } {
    const value = this.#value
    if (type === 's') return { text: this.#parts.sharedStrings[Number(value)] ?? '', isText: true }
    if (type === 'b') return { text: value.trim() === '1' || value === 'true' ? 'TRUE' : 'FALSE', isText: false }
    if (type === 'd') return { text: value.replace(/T00:00(?::00)?(?:\.0+)?Z?$/, '').replace('T', ' '), isText: false }
    if (type === 'e') return { text: value, isText: false }
    const number = Number(value)
    if (type !== 'n' || !Number.isFinite(number)) return { text: decodeEscapes(value), isText: true }
    const { text } = style.show(number, this.#parts.from1904)
    return { text: text === '' ? showPlain(number) : text, isText: false }
  }

  #addRange(ranges: CellRange[], tag: XmlTag): void {
    const range = readRange(tag.attribute('ref') ?? '')
    if (range !== undefined) ranges.push(range)
  }
}

/** The texts that cells name by number: runs joined, without what only helps to pronounce them. */
export function readSharedStrings(source: string, path: string): readonly string[] {
  const strings: string[] = []
  let text = ''
  let isText = false
  let isPhonetic = false
  readXml(source, path, {
    open({ local }) {
      if (local === 'si') text = ''
      else if (local === 'rPh') isPhonetic = true
      else if (local === 't') isText = !isPhonetic
    },
    close(local) {
      if (local === 'si') strings.push(decodeEscapes(text))
      else if (local === 'rPh') isPhonetic = false
      else if (local === 't') isText = false
    },
    text(piece) {
      if (isText) text += piece
    },
  })
  return strings
}

/** Characters that XML cannot hold are written `_x000D_`; only white space among them shows. */
function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => {
    const point = Number.parseInt(hex, 16)
    if (point === 10 || point === 13) return '\n'
    return point < 32 || (point >= 0xd800 && point <= 0xdfff) ? ' ' : String.fromCodePoint(point)
  })
}
