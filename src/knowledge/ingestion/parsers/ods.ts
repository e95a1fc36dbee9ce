/** OpenDocument spreadsheets. Knows the package; cells are read by ods-sheets, sheets are written by sheet-blocks. */
import { defineParser } from './define-parser.ts'
import { openOdf, parseStyleParts, readOdfStyles } from './odf-package.ts'
import { readOdsSheets } from './ods-sheets.ts'
import { limitText } from './sheet.ts'
import { writeSheet } from './sheet-blocks.ts'

export const ods = defineParser({
  id: 'ods',
  version: 1,
  summary:
    'OpenDocument spreadsheets (ODS): rows as "Header: cell", dates and numbers as shown, cell notes; hidden sheets are read and named',
  endings: ['ods', 'ots'],
  mediaType: 'application/vnd.oasis.opendocument.spreadsheet',
  async read(input, writer) {
    const { path } = input
    const { content, properties } = openOdf(input, 'an OpenDocument spreadsheet', 'office:spreadsheet')
    const styles = readOdfStyles(parseStyleParts(content, path))
    const sheets = readOdsSheets(content, { path, styles, onText: limitText(input) })
    for (const sheet of sheets) writeSheet(sheet, writer)
    const hiddenSheets = sheets.filter((sheet) => sheet.isHidden).map((sheet) => sheet.name)
    const { title, ...metadata } = properties
    return { title, metadata: { ...metadata, ...(hiddenSheets.length > 0 ? { hiddenSheets } : {}) } }
  },
})
