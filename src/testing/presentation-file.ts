/** Builds small PPTX files for tests from the XML of their slides. Knows the package's least; knows no parser. */
import { zipSync, type Zippable } from 'fflate'

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const NAMES = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${OFFICE}"`

export interface PresentationSlide {
  /** Shapes: what stands inside `p:spTree`. */
  readonly xml: string
  readonly notes?: string
  readonly isHidden?: boolean
  /** A part that the slide leads to as `r1`: a chart or a diagram's data. */
  readonly part?: string
}

/** @param extra further entries of the archive, or others in place of these */
export function buildPptx(slides: readonly PresentationSlide[], extra: Zippable = {}): Uint8Array {
  const entries: Zippable = {
    '[Content_Types].xml': xml(`<Types xmlns="${PACKAGE}/content-types"/>`),
    '_rels/.rels': relations([['officeDocument', '/ppt/presentation.xml']]),
    'ppt/_rels/presentation.xml.rels': relations(slides.map((_, index) => ['slide', `slides/slide${index + 1}.xml`])),
    'ppt/presentation.xml': xml(
      `<p:presentation ${NAMES}><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="r${index}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    ),
  }
  for (const [index, { xml: shapes, notes, isHidden, part }] of slides.entries()) {
    const name = `slide${index + 1}.xml`
    const show = isHidden === true ? ' show="0"' : ''
    entries[`ppt/slides/${name}`] = xml(`<p:sld ${NAMES}${show}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`)
    entries[`ppt/slides/_rels/${name}.rels`] = relations([
      ['notesSlide', `../notesSlides/notes${index + 1}.xml`],
      ['part', `../parts/part${index + 1}.xml`],
    ])
    if (part !== undefined) entries[`ppt/parts/part${index + 1}.xml`] = xml(part)
    if (notes === undefined) continue
    const page = `${shape('sldNum', ['7'])}${shape('body', [notes])}`
    entries[`ppt/notesSlides/notes${index + 1}.xml`] = xml(
      `<p:notes ${NAMES}><p:cSld><p:spTree>${page}</p:spTree></p:cSld></p:notes>`,
    )
  }
  return zipSync({ ...entries, ...extra })
}

/** A text shape. @param placeholder what the layout means it for; none for a free text box */
export function shape(placeholder: string | undefined, paragraphs: readonly string[], properties = ''): string {
  const holder = placeholder === undefined ? '' : `<p:ph type="${placeholder}"/>`
  return `<p:sp><p:nvSpPr><p:nvPr>${holder}</p:nvPr></p:nvSpPr>${textBody('p', paragraphs, properties)}</p:sp>`
}

/** A table. @param rows texts of the cells; the first row is the header when `headed` */
export function slideTable(rows: readonly (readonly string[])[], headed: boolean): string {
  const lines = rows.map((cells) => `<a:tr>${cells.map((cell) => `<a:tc>${textBody('a', [cell])}</a:tc>`).join('')}</a:tr>`)
  return graphicFrame(`<a:tbl><a:tblPr firstRow="${headed ? 1 : 0}"/>${lines.join('')}</a:tbl>`)
}

export function graphicFrame(content: string): string {
  return `<p:graphicFrame><a:graphic><a:graphicData>${content}</a:graphicData></a:graphic></p:graphicFrame>`
}

function textBody(prefix: 'a' | 'p', paragraphs: readonly string[], properties = ''): string {
  const texts = paragraphs.map((text) => {
    const runs = text.split('\n').map((line) => `<a:r><a:t>${line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</a:t></a:r>`)
    return `<a:p><a:pPr>${properties}</a:pPr>${runs.join('<a:br/>')}</a:p>`
  })
  return `<${prefix}:txBody>${texts.join('')}</${prefix}:txBody>`
}

function relations(targets: readonly (readonly [type: string, target: string])[]): Uint8Array {
  const list = targets.map(
    ([type, target], index) => `<Relationship Id="r${index}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  )
  return xml(`<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`)
}

function xml(content: string): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${content}`)
}
