/** Walks OpenDocument text and writes its blocks. Knows paragraphs, lists, notes and tables; knows no package. Source: ODF 1.3, part 3. */
import type { BlockKind } from '../../../contracts/document.ts'
import type { Place } from '../../../contracts/place.ts'
import type { BlockWriter } from './block-writer.ts'
import { HARD_BREAK, settleToOneLine, settleWhiteSpace } from './inline-text.ts'
import type { OdfStyles } from './odf-package.ts'
import { markHeader, renderTableRows, type TableRow } from './table-rows.ts'
import { elementsOf, type XmlElement } from './xml-tree.ts'

/** Remarks of reviewers, what was deleted, and lists of what stands elsewhere in the text. */
const UNREAD = new Set(
  `office:annotation office:annotation-end text:tracked-changes text:ruby-text svg:title svg:desc office:forms office:event-listeners
  text:table-of-content text:illustration-index text:table-index text:object-index text:user-index text:alphabetical-index
  draw:object draw:object-ole draw:image draw:plugin presentation:notes`.split(/\s+/),
)
/** Styles by their names in every language's program. */
const TITLE_STYLE = 'Title'
const QUOTE_STYLES = new Set(['Quotations', 'Quote', 'Intense_20_Quote'])
/** Cells that repeat further are layout tricks or attacks. */
const MAX_REPEAT = 100

interface Context {
  readonly kind: BlockKind
  readonly group?: object
  readonly list?: string | undefined
  readonly depth: number
}

const TOP: Context = { kind: 'paragraph', depth: 0 }

export class OdfText {
  readonly #writer: BlockWriter
  readonly #styles: OdfStyles
  #place: Place | undefined
  /** Stands before the next item of a numbered list. */
  #marker = ''
  /** The last number of each list style, for lists that go on after other text. */
  readonly #numbers = new Map<string, number>()
  /** What is anchored in the paragraph under way: notes and frames follow it. */
  #pending: (() => void)[] = []

  constructor(writer: BlockWriter, styles: OdfStyles) {
    this.#writer = writer
    this.#styles = styles
  }

  /** Writes every block below. @param place where all of them stand */
  walk(parent: XmlElement, place?: Place): void {
    this.#place = place
    this.#enterAll(parent, TOP)
  }

  /** All text below on one line; what is anchored in it is written by the next walk. */
  oneLine(element: XmlElement): string {
    return settleToOneLine(this.#inline(element))
  }

  #enterAll(parent: XmlElement, context: Context): void {
    for (const child of elementsOf(parent)) this.#enter(child, context)
  }

  #enter(element: XmlElement, context: Context): void {
    if (UNREAD.has(element.name)) return
    if (element.name === 'text:h') this.#heading(element, Number(element.attributes.get('text:outline-level') ?? 1))
    else if (element.name === 'text:p') this.#paragraph(element, context)
    else if (element.name === 'text:list') this.#list(element, context)
    else if (element.name === 'table:table') this.#table(element, context)
    else this.#enterAll(element, context)
  }

  #heading(element: XmlElement, level: number): void {
    this.#write('heading', settleToOneLine(this.#inline(element)), {}, Math.min(6, Math.max(1, level || 1)))
  }

  #paragraph(element: XmlElement, context: Context): void {
    const ancestry = this.#styles.ancestry(element.attributes.get('text:style-name'))
    if (context.kind === 'paragraph' && ancestry.includes(TITLE_STYLE)) return this.#heading(element, 1)
    const isQuote = context.kind === 'paragraph' && ancestry.some((name) => QUOTE_STYLES.has(name))
    const text = this.#marker + settleWhiteSpace(this.#inline(element))
    this.#marker = ''
    this.#write(isQuote ? 'quote' : context.kind, text, context.group === undefined ? {} : { group: context.group })
  }

  #write(kind: BlockKind, text: string, details: { readonly group?: object }, level?: number): void {
    const place = this.#place === undefined ? {} : { place: this.#place }
    if (text.trim() !== '') this.#writer.write(kind, text, { ...details, ...place, ...(level === undefined ? {} : { level }) })
    const pending = this.#pending
    this.#pending = []
    for (const write of pending) write()
  }

  #list(list: XmlElement, outer: Context): void {
    const name = list.attributes.get('text:style-name') ?? outer.list
    const depth = outer.depth + 1
    const context: Context = { kind: 'list-item', group: outer.group ?? {}, list: name, depth }
    const isNumbered = this.#styles.isNumbered(name, depth)
    const goesOn = list.attributes.get('text:continue-numbering') === 'true' || list.attributes.has('text:continue-list')
    let number = goesOn ? (this.#numbers.get(name ?? '') ?? 0) : 0
    for (const item of elementsOf(list)) {
      const start = Number(item.attributes.get('text:start-value'))
      if (item.local === 'list-item') number = start > 0 ? start : number + 1
      this.#marker = isNumbered && item.local === 'list-item' ? `${number}. ` : ''
      for (const [index, child] of elementsOf(item).entries())
        this.#enter(child, index === 0 || child.name === 'text:list' ? context : { ...context, kind: 'paragraph' })
      this.#marker = ''
    }
    if (depth === 1) this.#numbers.set(name ?? '', number)
  }

  #table(table: XmlElement, context: Context): void {
    const rows = rowsOf(table, false)
    // A table of one column, or one that holds others, only places things.
    if (rows.every(({ cells }) => cells.length < 2) || rows.some(({ cells }) => cells.some(holdsTable)))
      return rows.forEach(({ cells }) => cells.forEach((cell) => this.#enterAll(cell, { ...context, kind: 'paragraph' })))
    const read = rows.map(({ isHeader, cells }): TableRow => ({ isHeader, cells: cells.flatMap((cell) => this.#cell(cell)) }))
    const group = {}
    for (const line of renderTableRows(markHeader(read))) this.#write('table-row', line, { group })
  }

  #cell(cell: XmlElement): TableRow['cells'] {
    const paragraphs = elementsOf(cell)
    const text = settleToOneLine(paragraphs.map((paragraph) => this.#inline(paragraph)).join(' '))
    const isBold =
      text !== '' &&
      paragraphs.every((paragraph) => this.#styles.ancestry(paragraph.attributes.get('text:style-name')).some((name) => /^Table_20_Heading$/.test(name) || this.#styles.isBold(name))) // prettier-ignore
    const columns = numberOf(cell, 'table:number-columns-spanned')
    const rows = numberOf(cell, 'table:number-rows-spanned')
    const repeated = Math.min(numberOf(cell, 'table:number-columns-repeated'), MAX_REPEAT)
    return Array.from({ length: repeated }, () => ({ text, isHeader: false, columns, rows, isBold }))
  }

  #inline(element: XmlElement): string {
    return element.children
      .map((child) => {
        if (typeof child === 'string') return child
        if (child.name === 'text:line-break') return HARD_BREAK
        if (child.name === 'text:s' || child.name === 'text:tab') return ' '
        if (child.name === 'text:note') return this.#note(child)
        if (child.name === 'draw:frame' || child.name === 'draw:custom-shape') return this.#frame(child)
        if (UNREAD.has(child.name)) return ''
        const isBlock = child.name === 'text:p' || child.name === 'text:h' || child.name === 'text:list-item'
        return isBlock ? ` ${this.#inline(child)} ` : this.#inline(child)
      })
      .join('')
  }

  /** Its mark stays in the text; what it says follows the paragraph under the same mark. */
  #note(note: XmlElement): string {
    const [citation, body] = elementsOf(note)
    if (citation === undefined || body === undefined) return ''
    const mark = `[${this.oneLine(citation)}]`
    this.#pending.push(() => this.#write('paragraph', `${mark} ${this.oneLine(body)}`, {}))
    return mark
  }

  #frame(frame: XmlElement): string {
    this.#pending.push(() => this.#enterAll(frame, TOP))
    return ''
  }
}

interface OdfRow {
  readonly isHeader: boolean
  /** Without those that another cell covers. */
  readonly cells: readonly XmlElement[]
}

function rowsOf(parent: XmlElement, isHeader: boolean): readonly OdfRow[] {
  return elementsOf(parent).flatMap((child): readonly OdfRow[] => {
    if (child.name === 'table:table-row') {
      return [{ isHeader, cells: elementsOf(child).filter((cell) => cell.name === 'table:table-cell') }]
    }
    const isGroup = /^table:table-(?:header-rows|rows|row-group)$/.test(child.name)
    return isGroup ? rowsOf(child, isHeader || child.name === 'table:table-header-rows') : []
  })
}

function holdsTable(cell: XmlElement): boolean {
  return elementsOf(cell).some((child) => child.name === 'table:table')
}

function numberOf(element: XmlElement, attribute: string): number {
  return Math.max(1, Number(element.attributes.get(attribute) ?? 1) || 1)
}
