/** Excel workbooks: sheets of rows, dates and numbers as they show. Knows the package; sheets are written by sheet-blocks. */
import { readCell } from '../../document-place.ts'
import type { ParserInput } from '../../../contracts/parser.ts'
import { defineParser } from './define-parser.ts'
import { openOoxml, type OoxmlPackage, relationId } from './ooxml-package.ts'
import { type CellNote, type CellRange, liesOnSheet, limitText, readRange } from './sheet.ts'
import { writeSheet } from './sheet-blocks.ts'
import { settleToOneLine } from './inline-text.ts'
import { readSharedStrings, readWorksheet, type WorkbookParts } from './xlsx-sheet.ts'
import { readStyles } from './xlsx-styles.ts'
import { childAt, childrenOf, descendantsOf, elementsOf, textOf, type XmlElement } from './xml-tree.ts'

export const xlsx = defineParser({
  id: 'xlsx',
  version: 1,
  summary:
    'Excel workbooks (XLSX): rows as "Header: cell", dates and numbers as shown, notes and text boxes; hidden sheets are read and named',
  endings: ['xlsx', 'xlsm', 'xltx', 'xltm'],
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  async read(input, writer) {
    const pack = openOoxml(input, 'an Excel workbook', 'workbook')
    const parts = readParts(pack, input)
    const hiddenSheets: string[] = []
    let uncalculatedCells = 0
    for (const entry of listSheets(pack)) {
      const source = pack.source(entry.part)
      if (source === undefined) continue
      const cells = readWorksheet(source, parts)
      uncalculatedCells += cells.uncalculated
      if (entry.isHidden) hiddenSheets.push(entry.name)
      const { rows, merges, filters } = cells
      const tables = [...filters, ...readTables(pack, entry.part)]
      writeSheet(
        {
          name: entry.name,
          rows: rows.inOrder(),
          merges,
          tables,
          notes: [...readNotes(pack, entry.part), ...readTextBoxes(pack, entry.part)],
        },
        writer,
      )
    }
    const { title, ...properties } = pack.properties()
    return {
      title,
      metadata: {
        ...properties,
        ...(hiddenSheets.length > 0 ? { hiddenSheets } : {}),
        ...(uncalculatedCells > 0 ? { uncalculatedCells } : {}),
      },
    }
  },
})

/** Programs allow 31. */
const LONGEST_NAME = 100
/** How programs mark the plain copy of a discussion that only newer programs show. */
const THREAD_COPY = /^\[Threaded comment\]/

function readParts(pack: OoxmlPackage, input: ParserInput): WorkbookParts {
  const related = (type: string): string | undefined =>
    pack.relations(pack.main).find((relation) => relation.type === type)?.target
  const strings = pack.source(related('sharedStrings') ?? '')
  const styles = related('styles')
  return {
    path: input.path,
    sharedStrings: strings === undefined ? [] : readSharedStrings(strings, input.path),
    styleOf: readStyles(styles === undefined ? undefined : pack.tree(styles)),
    from1904: /^(?:1|true)$/.test(childAt(pack.root, 'workbookPr')?.attributes.get('date1904') ?? ''),
    onText: limitText(input),
  }
}

interface SheetEntry {
  readonly name: string
  readonly part: string
  readonly isHidden: boolean
}

/** Sheets of charts and macros have no cells. */
function listSheets(pack: OoxmlPackage): readonly SheetEntry[] {
  const targets = new Map(
    pack.relations(pack.main).flatMap(({ id, type, target }) => (type === 'worksheet' ? [[id, target] as const] : [])),
  )
  return childrenOf(childAt(pack.root, 'sheets'), 'sheet').flatMap((sheet, index) => {
    const part = targets.get(relationId(sheet) ?? '')
    if (part === undefined) return []
    const name = settleToOneLine(sheet.attributes.get('name') ?? '').slice(0, LONGEST_NAME) || String(index + 1)
    return [{ name, part, isHidden: /hidden/i.test(sheet.attributes.get('state') ?? '') }]
  })
}

function readTables(pack: OoxmlPackage, sheet: string): readonly CellRange[] {
  return relatedTrees(pack, sheet, 'table').flatMap(({ attributes }) => {
    const range = attributes.get('headerRowCount') === '0' ? undefined : readRange(attributes.get('ref') ?? '')
    return range === undefined ? [] : [range]
  })
}

function readNotes(pack: OoxmlPackage, sheet: string): readonly CellNote[] {
  return relatedTrees(pack, sheet, 'comments')
    .flatMap((part) => descendantsOf(part, 'comment'))
    .map((comment) => ({
      ...readCell(comment.attributes.get('ref') ?? ''),
      text: settleToOneLine(descendantsOf(comment, 't').map(textOf).join('')),
    }))
    .filter((note) => liesOnSheet(note) && note.text !== '' && !THREAD_COPY.test(note.text))
}

/** Texts that lie over the cells, at the cell where they begin. */
function readTextBoxes(pack: OoxmlPackage, sheet: string): readonly CellNote[] {
  return relatedTrees(pack, sheet, 'drawing')
    .flatMap((drawing) => elementsOf(drawing))
    .map((anchor) => ({
      row: Number(textOf(childAt(anchor, 'from', 'row')) || 0) + 1,
      column: Number(textOf(childAt(anchor, 'from', 'col')) || 0) + 1,
      text: settleToOneLine(
        descendantsOf(anchor, 'p')
          .map((line) => descendantsOf(line, 't').map(textOf).join(''))
          .join(' '),
      ),
    }))
    .filter((box) => liesOnSheet(box) && box.text !== '')
}

function relatedTrees(pack: OoxmlPackage, part: string, type: string): readonly XmlElement[] {
  return pack
    .relations(part)
    .filter((relation) => relation.type === type)
    .flatMap((relation) => pack.tree(relation.target) ?? [])
}
