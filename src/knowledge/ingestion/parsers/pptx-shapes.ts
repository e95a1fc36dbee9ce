/** The shapes of a slide as texts, tables, and references to charts and diagrams. Knows DrawingML; writes nothing. Source: ECMA-376, 19-21. */
import { HARD_BREAK, settleToOneLine, settleWhiteSpace } from './inline-text.ts'
import { relationId } from './ooxml-package.ts'
import { markHeader, type TableRow } from './table-rows.ts'
import { childAt, childrenOf, descendantsOf, elementsOf, textOf, type XmlElement } from './xml-tree.ts'

/** One paragraph, one table, or what stands in a part of its own. */
export type Shape =
  | {
      readonly kind: 'text'
      readonly role: 'title' | 'list-item' | 'paragraph'
      readonly text: string
      /** Title of a whole presentation or of a part of it. */
      readonly isFirst: boolean
      /** What the layout meant it for, as `body`. */
      readonly placeholder: string
      /** Items of one text share it. */
      readonly list: object
    }
  | { readonly kind: 'table'; readonly rows: readonly TableRow[] }
  | { readonly kind: 'chart'; readonly relation: string }
  | { readonly kind: 'diagram'; readonly relation: string }

/** They repeat on every slide, like running lines on pages. */
const RUNNING = new Set(['dt', 'ftr', 'hdr', 'sldNum', 'sldImg'])
const TITLES = new Set(['title', 'ctrTitle'])
/** Placeholders whose layout draws bullets unless a paragraph says otherwise; `obj` is the one that has no type. */
const LISTS = new Set(['body', 'obj'])

/** @param tree groups are walked as if they were not there  @returns in the order of the file, which screen readers follow */
export function readShapes(tree: XmlElement | undefined): readonly Shape[] {
  return elementsOf(tree).flatMap((element): readonly Shape[] => {
    if (element.local === 'sp') return readText(element)
    if (element.local === 'grpSp') return readShapes(element)
    if (element.local === 'graphicFrame') return readFrame(element)
    // The same content in several forms: the first is the richest.
    if (element.local === 'AlternateContent') return readShapes(elementsOf(element)[0])
    return []
  })
}

function readText(shape: XmlElement): readonly Shape[] {
  const holder = childAt(shape, 'nvSpPr', 'nvPr', 'ph')
  const placeholder = holder === undefined ? '' : (holder.attributes.get('type') ?? 'obj')
  if (RUNNING.has(placeholder)) return []
  const paragraphs = childrenOf(childAt(shape, 'txBody'), 'p')
  const list = {}
  if (TITLES.has(placeholder)) {
    const text = settleToOneLine(paragraphs.map(paragraphText).join(' '))
    return text === '' ? [] : [{ kind: 'text', role: 'title', text, isFirst: placeholder === 'ctrTitle', placeholder, list }]
  }
  const filled = paragraphs.filter((paragraph) => settleWhiteSpace(paragraphText(paragraph)) !== '')
  let number = 0
  return filled.map((paragraph) => {
    const isNumbered = hasBullet(paragraph, 'buAutoNum')
    const isItem = isNumbered || hasBullet(paragraph, 'buChar') || (isBulleted(placeholder, paragraph) && filled.length > 1)
    number = isNumbered ? number + 1 : 0
    const text = `${isNumbered ? `${number}. ` : ''}${settleWhiteSpace(paragraphText(paragraph))}`
    return { kind: 'text', role: isItem ? 'list-item' : 'paragraph', text, isFirst: false, placeholder, list }
  })
}

function isBulleted(placeholder: string, paragraph: XmlElement): boolean {
  return LISTS.has(placeholder) && !hasBullet(paragraph, 'buNone')
}

function hasBullet(paragraph: XmlElement, local: string): boolean {
  return childAt(paragraph, 'pPr', local) !== undefined
}

/** Fields show what their program filled in last; a slide's number says nothing. */
function paragraphText(paragraph: XmlElement): string {
  return elementsOf(paragraph)
    .map((part) => {
      if (part.local === 'br') return HARD_BREAK
      if (part.local === 'fld' && part.attributes.get('type') === 'slidenum') return ''
      return part.local === 'r' || part.local === 'fld' ? childrenOf(part, 't').map(textOf).join('') : mathText(part)
    })
    .join('')
}

function mathText(part: XmlElement): string {
  return part.local === 'm' || part.local === 'AlternateContent'
    ? descendantsOf(elementsOf(part)[0], 't').map(textOf).join('')
    : ''
}

function readFrame(frame: XmlElement): readonly Shape[] {
  return elementsOf(childAt(frame, 'graphic', 'graphicData')).flatMap((content): readonly Shape[] => {
    if (content.local === 'tbl') return [{ kind: 'table', rows: readTable(content) }]
    const isDiagram = content.local === 'relIds'
    const relation = relationId(content, isDiagram ? 'dm' : 'id')
    if (relation === undefined || (!isDiagram && content.local !== 'chart')) return []
    return [{ kind: isDiagram ? 'diagram' : 'chart', relation }]
  })
}

function readTable(table: XmlElement): readonly TableRow[] {
  const isHeaded = /^(?:1|true)$/.test(childAt(table, 'tblPr')?.attributes.get('firstRow') ?? '')
  const rows = childrenOf(table, 'tr').map((row, index) => ({
    isHeader: isHeaded && index === 0,
    // What another cell covers is there too, empty.
    cells: childrenOf(row, 'tc')
      .filter(({ attributes }) => attributes.get('hMerge') === undefined && attributes.get('vMerge') === undefined)
      .map((cell) => ({
        text: settleToOneLine(childrenOf(childAt(cell, 'txBody'), 'p').map(paragraphText).join(' ')),
        isHeader: false,
        columns: Number(cell.attributes.get('gridSpan') ?? 1) || 1,
        rows: Number(cell.attributes.get('rowSpan') ?? 1) || 1,
      })),
  }))
  return markHeader(rows)
}
