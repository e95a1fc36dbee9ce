/** The cells of an OpenDocument spreadsheet, read in one pass. Knows cell types; knows nothing of tables and text. Source: ODF 1.3, part 3, 9 and 19. */
import { settleToOneLine } from './inline-text.ts'
import type { OdfStyles } from './odf-package.ts'
import { type CellNote, type CellRange, readRange, type Sheet, SheetRows } from './sheet.ts'
import { readXml, type XmlTag } from './xml-reader.ts'

export interface OdsParts {
  readonly path: string
  readonly styles: OdfStyles
  /** Hears the length of each cell's text, and may refuse more by throwing. */
  readonly onText: (length: number) => void
}

export interface OdsSheet extends Sheet {
  readonly isHidden: boolean
}

/** Equal cells side by side beyond this are layout tricks or attacks. */
const MAX_REPEAT = 1000
/** Programs allow fewer. */
const LONGEST_NAME = 100

/** @throws TouchstoneError PARSE_FAILED */
export function readOdsSheets(source: string, parts: OdsParts): readonly OdsSheet[] {
  const walk = new SpreadsheetWalk(parts)
  readXml(source, parts.path, walk)
  return walk.sheets.map(({ rows, tables, ...sheet }) => ({
    ...sheet,
    rows: rows.inOrder(),
    tables: [...tables, ...walk.tablesOf(sheet.name)],
  }))
}

interface OpenSheet {
  readonly name: string
  readonly isHidden: boolean
  readonly rows: SheetRows
  readonly merges: CellRange[]
  readonly tables: CellRange[]
  readonly notes: CellNote[]
}

class SpreadsheetWalk {
  readonly sheets: OpenSheet[] = []
  readonly #parts: OdsParts
  readonly #databases: { readonly sheet: string; readonly range: CellRange }[] = []
  /** Tables inside a cell are part of its text. */
  #depth = 0
  /** Recorded changes hold former cells. */
  #changes = 0
  #row = 0
  #lastRow = 0
  #column = 0
  #cell: XmlTag | undefined
  #text: string[] = []
  #note: string[] | undefined
  #paragraphs = 0

  constructor(parts: OdsParts) {
    this.#parts = parts
  }

  tablesOf(sheet: string): readonly CellRange[] {
    return this.#databases.filter((database) => database.sheet === sheet).map((database) => database.range)
  }

  open(tag: XmlTag): void {
    if (tag.name === 'table:tracked-changes') this.#changes++
    if (this.#changes > 0) return
    if (tag.name === 'table:table') this.#openSheet(tag)
    else if (tag.name === 'table:table-row' && this.#depth === 1) this.#openRow(tag)
    else if (this.#isCell(tag.name)) this.#openCell(tag)
    else if (tag.name === 'office:annotation') this.#note = []
    else if (tag.name === 'text:p') this.#openParagraph()
    else if (tag.name === 'text:s' || tag.name === 'text:tab' || tag.name === 'text:line-break') this.text(' ')
    else if (tag.name === 'table:database-range') this.#addDatabase(tag)
  }

  close(local: string): void {
    if (local === 'tracked-changes') this.#changes--
    if (this.#changes > 0) return
    if (local === 'table') this.#depth--
    else if (local === 'table-row' && this.#depth === 1) this.#row = this.#lastRow
    else if ((local === 'table-cell' || local === 'covered-table-cell') && this.#depth === 1) this.#closeCell()
    else if (local === 'annotation') this.#closeNote()
    else if (local === 'p') this.#paragraphs--
  }

  text(text: string): void {
    if (this.#paragraphs > 0 && this.#changes === 0 && this.#cell !== undefined) (this.#note ?? this.#text).push(text)
  }

  #isCell(name: string): boolean {
    return this.#depth === 1 && (name === 'table:table-cell' || name === 'table:covered-table-cell')
  }

  #openSheet(tag: XmlTag): void {
    this.#depth++
    if (this.#depth > 1) return
    const name = settleToOneLine(tag.attribute('table:name') ?? '').slice(0, LONGEST_NAME) || String(this.sheets.length + 1)
    const isHidden = this.#parts.styles.isHidden(tag.attribute('table:style-name'))
    this.sheets.push({ name, isHidden, rows: new SheetRows(this.#parts.onText), merges: [], tables: [], notes: [] })
    this.#row = 0
  }

  #openRow(tag: XmlTag): void {
    this.#lastRow = this.#row + numberOf(tag, 'table:number-rows-repeated')
    this.#row++
    this.#column = 0
  }

  #openCell(tag: XmlTag): void {
    this.#cell = tag
    this.#text = []
    this.#note = undefined
    this.#paragraphs = 0
    this.#column++
  }

  #openParagraph(): void {
    this.#paragraphs++
    const target = this.#note ?? this.#text
    if (target.length > 0) target.push(' ')
  }

  /** Equal rows are written once, for all of them; equal cells each under its own header. */
  #closeCell(): void {
    const [cell, sheet] = [this.#cell, this.sheets.at(-1)]
    this.#cell = undefined
    if (cell === undefined || sheet === undefined) return
    const repeated = numberOf(cell, 'table:number-columns-repeated')
    const type = cell.attribute('office:value-type') ?? 'string'
    const text = show(type, cell, this.#text.join(''))
    const isBold = this.#parts.styles.isBold(cell.attribute('table:style-name'))
    // What a merged cell covers shows nowhere.
    if (text !== '' && cell.local === 'table-cell') {
      for (let column = this.#column; column < this.#column + Math.min(repeated, MAX_REPEAT); column++)
        sheet.rows.add(this.#row, { column, text, isText: type === 'string', isBold }, this.#lastRow)
    }
    const [columns, rows] = [numberOf(cell, 'table:number-columns-spanned'), numberOf(cell, 'table:number-rows-spanned')]
    if (columns > 1 || rows > 1)
      sheet.merges.push({ top: this.#row, left: this.#column, bottom: this.#row + rows - 1, right: this.#column + columns - 1 })
    this.#column += repeated - 1
  }

  #closeNote(): void {
    const text = settleToOneLine((this.#note ?? []).join(''))
    this.#note = undefined
    if (this.#cell === undefined || text === '') return
    this.#parts.onText(text.length)
    this.sheets.at(-1)?.notes.push({ row: this.#row, column: this.#column, text })
  }

  /** `$'My sheet'.$A$1:.$C$9`, with a header unless it says otherwise. */
  #addDatabase(tag: XmlTag): void {
    const address = tag.attribute('table:target-range-address') ?? ''
    const split = address.lastIndexOf('.', address.indexOf(':'))
    const range = readRange(address.slice(split + 1).replace(/[$.]|'[^']*'/g, ''))
    const sheet = address
      .slice(0, split)
      .replace(/^\$?'?|'$/g, '')
      .replaceAll("''", "'")
    if (range !== undefined && tag.attribute('table:contains-header') !== 'false') this.#databases.push({ sheet, range })
  }
}

/** Dates as the file keeps them, since their shown form depends on the country; all else as it shows. */
function show(type: string, cell: XmlTag, shown: string): string {
  const date = cell.attribute('office:date-value')
  if (type === 'date' && date !== undefined) return date.replace(/T00:00(?::00)?(?:\.0+)?$/, '').replace('T', ' ')
  // A column that is too narrow shows nothing else.
  return /^#*$/.test(shown.trim()) ? (cell.attribute('office:value') ?? '') : shown
}

function numberOf(tag: XmlTag, attribute: string): number {
  return Math.max(1, Number(tag.attribute(attribute) ?? 1) || 1)
}
