/** Reads an HTML table into cells, and judges which tables hold data and which first rows are headers. Writes nothing. */
import { type HtmlElement, type HtmlNode, isElement } from './html-node.ts'
import type { TableCell, TableRow } from './table-rows.ts'

export interface HtmlTable {
  readonly caption: string
  readonly rows: readonly TableRow[]
}

/** A first row of longer cells is prose, not headers. */
const MAX_HEADER_LENGTH = 60

/** Tables that only place things on the page: nested tables, sections, a single column. */
export function isLayoutTable(table: HtmlElement): boolean {
  if (table.getAttribute('role') === 'presentation') return true
  if (table.querySelector('table, h1, h2, h3, h4, h5, h6, pre') !== null) return true
  return rowsOf(table).every(({ row }) => cellsOf(row).length < 2)
}

/** @param textOf renders a cell on one line */
export function readHtmlTable(table: HtmlElement, textOf: (node: HtmlNode) => string): HtmlTable {
  const caption = [...table.childNodes].find((child) => child.nodeName === 'CAPTION')
  const rows = rowsOf(table).map(({ row, inHead }) => ({
    isHeader: inHead,
    cells: cellsOf(row).map((cell): TableCell & { readonly isBold: boolean } => ({
      text: textOf(cell),
      isHeader: cell.nodeName === 'TH',
      columns: spanOf(cell, 'colspan'),
      rows: spanOf(cell, 'rowspan'),
      isBold: isBold(cell),
    })),
  }))
  const unmarked = rows.every((row) => !row.isHeader && row.cells.every((cell) => !cell.isHeader))
  const [first, second] = rows
  const promote = unmarked && first !== undefined && second !== undefined && looksLikeHeader(first.cells, second.cells)
  return {
    caption: caption === undefined ? '' : textOf(caption),
    rows: promote ? [{ ...first, isHeader: true }, ...rows.slice(1)] : rows,
  }
}

type JudgedCell = TableCell & { readonly isBold: boolean }

/** Short, distinct, filled cells that are set in bold unlike the next row, or at least three of them without a digit. */
function looksLikeHeader(first: readonly JudgedCell[], second: readonly JudgedCell[]): boolean {
  const isLabelled = first.every((cell) => cell.text !== '' && cell.text.length <= MAX_HEADER_LENGTH && cell.columns === 1)
  if (!isLabelled || new Set(first.map((cell) => cell.text)).size < first.length || first.length < 2) return false
  if (first.every((cell) => cell.isBold) && !second.every((cell) => cell.isBold)) return true
  return first.length >= 3 && first.every((cell) => !/\p{N}/u.test(cell.text))
}

function rowsOf(table: HtmlElement): readonly { row: HtmlElement; inHead: boolean }[] {
  const rows: { row: HtmlElement; inHead: boolean }[] = []
  for (const part of table.childNodes) {
    if (!isElement(part)) continue
    if (part.nodeName === 'TR') rows.push({ row: part, inHead: false })
    if (!/^T(?:HEAD|BODY|FOOT)$/.test(part.nodeName)) continue
    for (const row of part.childNodes) {
      if (isElement(row) && row.nodeName === 'TR') rows.push({ row, inHead: part.nodeName === 'THEAD' })
    }
  }
  return rows
}

function cellsOf(row: HtmlElement): readonly HtmlElement[] {
  return [...row.childNodes].filter((node): node is HtmlElement => isElement(node) && /^T[DH]$/.test(node.nodeName))
}

function spanOf(cell: HtmlElement, name: 'colspan' | 'rowspan'): number {
  return Math.max(1, Number.parseInt(cell.getAttribute(name) ?? '1', 10) || 1)
}

function isBold(cell: HtmlElement): boolean {
  const bold = [...cell.querySelectorAll('strong, b')].map((node) => node.textContent ?? '').join('')
  const all = (cell.textContent ?? '').trim()
  return all !== '' && bold.replace(/\s+/g, '') === all.replace(/\s+/g, '')
}
