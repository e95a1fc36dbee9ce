/** Builds small XLSX files for tests from the XML of their sheets. Knows the package's least; knows no parser. */
import { zipSync, type Zippable } from 'fflate'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

export interface WorkbookSheet {
  readonly name: string
  /** What stands inside `worksheet`, or the rows of `sheetData` alone. */
  readonly xml: string
  readonly state?: 'hidden' | 'veryHidden'
  /** XML of `comment` elements. */
  readonly comments?: string
  /** XML of a drawing's anchors. */
  readonly drawing?: string
  /** The range of a table whose first row is its header. */
  readonly table?: string
}

export interface WorkbookOptions {
  readonly sharedStrings?: readonly string[]
  /** Format codes: the cell style n+1 shows numbers by code n, style 0 is plain, the last style is bold. */
  readonly formats?: readonly string[]
  readonly from1904?: boolean
  readonly title?: string
  /** Further entries of the archive, or others in place of these. */
  readonly extra?: Zippable
}

/** @returns a workbook whose sheets lie in the given order */
export function buildXlsx(sheets: readonly WorkbookSheet[], options: WorkbookOptions = {}): Uint8Array {
  const { sharedStrings = [], formats = [], from1904 = false, title, extra = {} } = options
  const numbers = sheets.map((_, index) => index + 1)
  const entries: Zippable = {
    '[Content_Types].xml': xml(`<Types xmlns="${PACKAGE}/content-types"/>`),
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/_rels/workbook.xml.rels': relations([
      ...numbers.map((number) => ['worksheet', `worksheets/sheet${number}.xml`] as const),
      ['sharedStrings', 'sharedStrings.xml'],
      ['styles', '/xl/styles.xml'],
    ]),
    'xl/workbook.xml': xml(
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr date1904="${from1904 ? 1 : 0}"/><sheets>${sheets
        .map(
          ({ name, state }, index) =>
            `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="r${index}"${state ? ` state="${state}"` : ''}/>`,
        ) // prettier-ignore
        .join('')}</sheets></workbook>`,
    ),
    'xl/sharedStrings.xml': xml(`<sst xmlns="${MAIN}">${sharedStrings.map((text) => `<si>${text}</si>`).join('')}</sst>`),
    'xl/styles.xml': xml(styles(formats)),
    ...(title === undefined ? {} : { 'docProps/core.xml': xml(coreProperties(title)) }),
  }
  for (const [index, sheet] of sheets.entries()) addSheet(entries, sheet, index + 1)
  return zipSync({ ...entries, ...extra })
}

function addSheet(entries: Zippable, { xml: content, comments, drawing, table }: WorkbookSheet, number: number): void {
  const inner = content.includes('<sheetData') ? content : `<sheetData>${content}</sheetData>`
  entries[`xl/worksheets/sheet${number}.xml`] = xml(`<worksheet xmlns="${MAIN}">${inner}</worksheet>`)
  const links: [string, string][] = []
  if (comments !== undefined) {
    links.push(['comments', `../comments${number}.xml`])
    entries[`xl/comments${number}.xml`] = xml(`<comments xmlns="${MAIN}"><commentList>${comments}</commentList></comments>`)
  }
  if (drawing !== undefined) {
    links.push(['drawing', `../drawings/drawing${number}.xml`])
    entries[`xl/drawings/drawing${number}.xml`] = xml(`<xdr:wsDr xmlns:xdr="x" xmlns:a="a">${drawing}</xdr:wsDr>`)
  }
  if (table !== undefined) {
    links.push(['table', `../tables/table${number}.xml`])
    entries[`xl/tables/table${number}.xml`] = xml(`<table xmlns="${MAIN}" ref="${table}"/>`)
  }
  if (links.length > 0) entries[`xl/worksheets/_rels/sheet${number}.xml.rels`] = relations(links)
}

/** One row: texts become inline strings, numbers numbers, nothing leaves the cell out. */
export function sheetRow(row: number, values: readonly (string | number | undefined)[], style = 0): string {
  const cells = values.map((value, index) => {
    const at = `r="${String.fromCodePoint(65 + index)}${row}" s="${style}"`
    if (value === undefined) return ''
    return typeof value === 'number'
      ? `<c ${at}><v>${value}</v></c>`
      : `<c ${at} t="inlineStr"><is><t>${escapeXml(value)}</t></is></c>`
  })
  return `<row r="${row}">${cells.join('')}</row>`
}

function styles(formats: readonly string[]): string {
  const codes = formats.map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${escapeXml(code)}"/>`)
  const cells = formats.map((_, index) => `<xf numFmtId="${200 + index}" fontId="0"/>`)
  return `<styleSheet xmlns="${MAIN}"><numFmts>${codes.join('')}</numFmts><fonts><font/><font><b/></font></fonts>
    <cellXfs><xf numFmtId="0" fontId="0"/>${cells.join('')}<xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>`
}

function relations(targets: readonly (readonly [type: string, target: string])[]): Uint8Array {
  const list = targets.map(
    ([type, target], index) => `<Relationship Id="r${index}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  )
  return xml(`<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`)
}

function coreProperties(title: string): string {
  const names =
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
  return `<cp:coreProperties ${names}><dc:title>${escapeXml(title)}</dc:title></cp:coreProperties>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function xml(content: string): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}`)
}
