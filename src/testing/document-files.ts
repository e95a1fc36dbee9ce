/** Builds small DOCX and PDF files for tests, sound and poisonous ones. Knows the formats' least; knows no parser. */
import { zipSync, type Zippable } from 'fflate'

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types'
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

/** What a DOCX is made of: headings by level, paragraphs, items of a bulleted (1) or numbered (2) list, table rows. */
export type DocxPart =
  | { readonly heading: string; readonly level: number }
  | { readonly paragraph: string }
  | { readonly item: string; readonly list: 1 | 2 }
  | { readonly table: readonly (readonly string[])[]; readonly headed: boolean }

/** @param extra further entries of the archive, as a bomb or a picture */
export function buildDocx(parts: readonly DocxPart[], extra: Zippable = {}): Uint8Array {
  const body = parts.map(renderPart).join('')
  return zipSync({
    '[Content_Types].xml': xml(
      `<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
      <Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/></Types>`,
    ),
    '_rels/.rels': xml(relations([['officeDocument', 'word/document.xml']])),
    'word/_rels/document.xml.rels': xml(
      relations([
        ['styles', 'styles.xml'],
        ['numbering', 'numbering.xml'],
      ]),
    ),
    'word/styles.xml': xml(`<w:styles xmlns:w="${W}">${[1, 2, 3].map(headingStyle).join('')}</w:styles>`),
    'word/numbering.xml': xml(
      `<w:numbering xmlns:w="${W}">${listStyle(1, 'bullet')}${listStyle(2, 'decimal')}${[1, 2].map(listNumber).join('')}</w:numbering>`,
    ),
    'word/document.xml': xml(`<w:document xmlns:w="${W}"><w:body>${body}</w:body></w:document>`),
    ...extra,
  })
}

export interface PdfLine {
  readonly text: string
  /** Type size in points. */
  readonly size?: number
  /** Free points above the line, beyond its own height. */
  readonly above?: number
}

/** One page for each list of lines, in Helvetica. `encrypted`: with a password that nobody knows. */
export function buildPdf(pages: readonly (readonly PdfLine[])[], options: { readonly encrypted?: boolean } = {}): Uint8Array {
  const first = 4
  const kids = pages.map((_, index) => `${first + index * 2} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((lines, index) => {
      const content = renderPage(lines)
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + index * 2 + 1} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ]
    }),
  ]
  if (options.encrypted === true) {
    const unknown = 'a7'.repeat(32)
    objects.push(`<< /Filter /Standard /V 1 /R 2 /O <${unknown}> /U <${unknown}> /P -4 >>`)
  }
  return assemblePdf(objects, options.encrypted === true ? ` /Encrypt ${objects.length} 0 R /ID [<00> <00>]` : '')
}

function assemblePdf(objects: readonly string[], trailer: string): Uint8Array {
  let file = '%PDF-1.4\n'
  const offsets: number[] = []
  for (const [index, object] of objects.entries()) {
    offsets.push(file.length)
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`
  return Buffer.from(
    `${file}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  )
}

function renderPage(lines: readonly PdfLine[]): string {
  let y = 800
  return lines
    .map(({ text, size = 11, above = 0 }) => {
      y -= size * 1.2 + above
      return `BT /F1 ${size} Tf 60 ${y.toFixed(2)} Td (${text.replace(/[\\()]/g, String.raw`\$&`)}) Tj ET`
    })
    .join('\n')
}

function renderPart(part: DocxPart): string {
  if ('heading' in part) return paragraph(part.heading, `<w:pStyle w:val="Heading${part.level}"/>`)
  if ('paragraph' in part) return paragraph(part.paragraph)
  if ('item' in part) return paragraph(part.item, `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="${part.list}"/></w:numPr>`)
  const rows = part.table.map((row, index) => {
    const cells = row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')
    return `<w:tr>${part.headed && index === 0 ? '<w:trPr><w:tblHeader/></w:trPr>' : ''}${cells}</w:tr>`
  })
  return `<w:tbl>${rows.join('')}</w:tbl>`
}

function paragraph(text: string, properties = ''): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${escaped}</w:t></w:r></w:p>`
}

function headingStyle(level: number): string {
  return `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`
}

function listStyle(id: number, format: string): string {
  return `<w:abstractNum w:abstractNumId="${id}"><w:lvl w:ilvl="0"><w:numFmt w:val="${format}"/></w:lvl></w:abstractNum>`
}

function listNumber(id: number): string {
  return `<w:num w:numId="${id}"><w:abstractNumId w:val="${id}"/></w:num>`
}

function relations(targets: readonly (readonly [string, string])[]): string {
  const list = targets.map(
    ([type, target], index) => `<Relationship Id="r${index}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  )
  return `<Relationships xmlns="${RELATIONS}">${list.join('')}</Relationships>`
}

function xml(content: string): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}`)
}
