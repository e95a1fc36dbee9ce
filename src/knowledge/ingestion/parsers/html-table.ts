/** Reads an HTML table into cells, and judges which tables hold data. Writes nothing. */
import { type HtmlElement, type HtmlNode, isElement } from './html-node.ts'
import { markHeader, type TableCell, type TableRow } from './table-rows.ts'

export interface HtmlTable {
  readonly caption: string
  readonly rows: readonly TableRow[]
}

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
    cells: cellsOf(row).map((cell): TableCell => ({
      text: textOf(cell),
      isHeader: cell.nodeName === 'TH',
      columns: spanOf(cell, 'colspan'),
      rows: spanOf(cell, 'rowspan'),
      isBold: isBold(cell),
    })),
  }))
  return {
    caption: caption === undefined ? '' : textOf(caption),
    rows: markHeader(rows),
  }
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
