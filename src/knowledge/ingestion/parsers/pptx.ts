/** PowerPoint presentations: slides of headings, lists, tables, charts and speaker notes. Knows the package; shapes are read by pptx-shapes. */
import type { ParserInput } from '../../../contracts/parser.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import type { BlockWriter } from './block-writer.ts'
import { defineParser } from './define-parser.ts'
import { chartRows, diagramItems } from './drawing-parts.ts'
import { openOoxml, type OoxmlPackage, relationId } from './ooxml-package.ts'
import { readShapes, type Shape } from './pptx-shapes.ts'
import { renderTableRows } from './table-rows.ts'
import { childAt, childrenOf, type XmlElement } from './xml-tree.ts'

export const pptx = defineParser({
  id: 'pptx',
  version: 1,
  summary:
    'PowerPoint presentations (PPTX): slides with titles, lists, tables, charts and speaker notes; hidden slides are read and named',
  endings: ['pptx', 'pptm', 'ppsx', 'ppsm', 'potx', 'potm'],
  mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  async read(input, writer) {
    const pack = openOoxml(input, 'a PowerPoint presentation', 'presentation')
    const hiddenSlides: number[] = []
    for (const [index, part] of listSlides(pack, input).entries()) {
      const slide = pack.tree(part)
      if (/^(?:0|false)$/.test(slide?.attributes.get('show') ?? '')) hiddenSlides.push(index + 1)
      writeSlide(pack, part, slide, index + 1, writer)
    }
    const { title, ...properties } = pack.properties()
    return {
      title: writer.firstTopHeading() ?? title,
      metadata: { ...properties, ...(hiddenSlides.length > 0 ? { hiddenSlides } : {}) },
    }
  },
})

/** Heads what the speaker says, below the slide's own title. */
const NOTES = 'Notes'

/** @returns part names in the order in which the slides are shown */
function listSlides(pack: OoxmlPackage, { path, limits }: ParserInput): readonly string[] {
  const targets = new Map(
    pack.relations(pack.main).flatMap(({ id, type, target }) => (type === 'slide' ? [[id, target] as const] : [])),
  )
  const slides = childrenOf(childAt(pack.root, 'sldIdLst'), 'sldId').flatMap(
    (slide) => targets.get(relationId(slide) ?? '') ?? [],
  )
  if (slides.length > limits.maxPages)
    throw new TouchstoneError('DOCUMENT_TOO_LARGE', { details: { path, limit: limits.maxPages, unit: 'slides' } })
  return slides
}

function writeSlide(pack: OoxmlPackage, part: string, slide: XmlElement | undefined, number: number, writer: BlockWriter): void {
  const place = { slide: number }
  const relations = pack.relations(part)
  const related = (id: string): XmlElement | undefined => {
    const target = relations.find((relation) => relation.id === id)?.target
    return target === undefined ? undefined : pack.tree(target)
  }
  const shapes = readShapes(childAt(slide, 'cSld', 'spTree'))
  // The title may lie anywhere among the shapes; people read it first.
  for (const shape of [...shapes.filter(isTitle), ...shapes.filter((other) => !isTitle(other))]) {
    const group = {}
    if (shape.kind === 'table') for (const line of renderTableRows(shape.rows)) writer.write('table-row', line, { place, group })
    else if (shape.kind === 'chart') writeChart(related(shape.relation), writer, place)
    else if (shape.kind === 'diagram')
      for (const text of diagramItems(related(shape.relation))) writer.write('list-item', text, { place, group })
    else if (shape.role === 'title') writer.write('heading', shape.text, { level: shape.isFirst || number === 1 ? 1 : 2, place })
    else writer.write(shape.role, shape.text, shape.role === 'list-item' ? { place, group: shape.list } : { place })
  }
  const notes = relations.find((relation) => relation.type === 'notesSlide')
  if (notes !== undefined) writeNotes(pack.tree(notes.target), writer, place)
}

function isTitle(shape: Shape): boolean {
  return shape.kind === 'text' && shape.role === 'title'
}

function writeChart(part: XmlElement | undefined, writer: BlockWriter, place: { readonly slide: number }): void {
  const { title, rows } = chartRows(part)
  const group = {}
  if (title !== '') writer.write('paragraph', title, { place })
  for (const line of renderTableRows(rows)) writer.write('table-row', line, { place, group })
}

/** The page of notes repeats the slide as a picture; only what was written for the speaker is text of its own. */
function writeNotes(page: XmlElement | undefined, writer: BlockWriter, place: { readonly slide: number }): void {
  const spoken = readShapes(childAt(page, 'cSld', 'spTree')).flatMap((shape) =>
    shape.kind === 'text' && shape.placeholder === 'body' ? [shape.text] : [],
  )
  if (spoken.length > 0) writer.write('heading', NOTES, { level: 3, place })
  for (const text of spoken) writer.write('paragraph', text, { place })
}
