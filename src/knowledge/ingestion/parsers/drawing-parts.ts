/** The text of charts and diagrams, which lie in parts of their own. Knows DrawingML; writes nothing. Source: ECMA-376, 21.2, 21.4. */
import { settleToOneLine } from './inline-text.ts'
import { compileNumberFormat } from './number-format.ts'
import type { TableCell, TableRow } from './table-rows.ts'
import { childAt, childrenOf, descendantsOf, textOf, type XmlElement } from './xml-tree.ts'

export interface ChartText {
  readonly title: string
  /** One row a category, one column a series, below a header row. */
  readonly rows: readonly TableRow[]
}

/** A chart with more is a picture of data that stands elsewhere. */
const MAX_POINTS = 1000

/** Values are those that the program drew last. */
export function chartRows(part: XmlElement | undefined): ChartText {
  const chart = childAt(part, 'chart')
  const series = descendantsOf(childAt(chart, 'plotArea'), 'ser').map(readSeries)
  const positions = [...new Set(series.flatMap(({ values }) => [...values.keys()]))].sort((left, right) => left - right)
  const [categories] = series.map((one) => one.categories).filter((found) => found.size > 0)
  const rows = positions.slice(0, MAX_POINTS).map((position) => ({
    isHeader: false,
    cells: [categories?.get(position) ?? '', ...series.map(({ values }) => values.get(position) ?? '')].map(toCell),
  }))
  const header = { isHeader: true, cells: ['', ...series.map(({ name }) => name)].map(toCell) }
  const title = descendantsOf(childAt(chart, 'title'), 't').map(textOf).join('')
  return { title: settleToOneLine(title), rows: rows.length > 0 ? [header, ...rows] : [] }
}

interface Series {
  readonly name: string
  readonly categories: ReadonlyMap<number, string>
  readonly values: ReadonlyMap<number, string>
}

/** Scatter charts call categories x and values y. */
function readSeries(series: XmlElement): Series {
  const [name = ''] = readPoints(childAt(series, 'tx')).values()
  return {
    name,
    categories: readPoints(childAt(series, 'cat') ?? childAt(series, 'xVal')),
    values: readPoints(childAt(series, 'val') ?? childAt(series, 'yVal')),
  }
}

function readPoints(data: XmlElement | undefined): ReadonlyMap<number, string> {
  const [code] = descendantsOf(data, 'formatCode').map(textOf)
  const show = compileNumberFormat(code ?? 'General')
  const points = descendantsOf(data, 'pt').map((point, index): [number, string] => {
    const text = settleToOneLine(textOf(childAt(point, 'v')))
    const number = Number(text)
    const isNumber = code !== undefined && text !== '' && Number.isFinite(number)
    return [Number(point.attributes.get('idx') ?? index), isNumber ? show(number, false).text : text]
  })
  return new Map(points.filter(([position, text]) => Number.isInteger(position) && text !== ''))
}

function toCell(text: string): TableCell {
  return { text, isHeader: false, columns: 1, rows: 1 }
}

/** What a diagram (SmartArt) says, in the order in which it was written. */
export function diagramItems(part: XmlElement | undefined): readonly string[] {
  return childrenOf(childAt(part, 'ptLst'), 'pt')
    .map((point) => childrenOf(childAt(point, 't'), 'p'))
    .map((paragraphs) => paragraphs.map((paragraph) => descendantsOf(paragraph, 't').map(textOf).join('')).join(' '))
    .map(settleToOneLine)
    .filter((text) => text !== '')
}
