/** OpenDocument presentations: slides and speaker notes. Knows the package and its frames; text is written by odf-text. */
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import type { BlockWriter } from './block-writer.ts'
import { defineParser } from './define-parser.ts'
import { openOdf, readOdfStyles } from './odf-package.ts'
import { OdfText } from './odf-text.ts'
import { childAt, childrenOf, elementsOf, parseXmlTree, textOf, type XmlElement } from './xml-tree.ts'

export const odp = defineParser({
  id: 'odp',
  version: 1,
  summary:
    'OpenDocument presentations (ODP): slides with titles, lists, tables and speaker notes; hidden slides are read and named',
  endings: ['odp', 'otp'],
  mediaType: 'application/vnd.oasis.opendocument.presentation',
  async read(input, writer) {
    const { path, limits } = input
    const { content, styles, properties } = openOdf(input, 'an OpenDocument presentation', 'office:presentation')
    const document = parseXmlTree(content, path)
    const named = readOdfStyles([styles === '' ? undefined : parseXmlTree(styles, path), document])
    const slides = childrenOf(childAt(document, 'body', 'presentation'), 'page')
    if (slides.length > limits.maxPages)
      throw new TouchstoneError('DOCUMENT_TOO_LARGE', { details: { path, limit: limits.maxPages, unit: 'slides' } })
    const text = new OdfText(writer, named)
    for (const [index, slide] of slides.entries()) writeSlide(slide, index + 1, text, writer)
    const hiddenSlides = slides.flatMap((slide, index) =>
      named.isHidden(slide.attributes.get('draw:style-name')) ? [index + 1] : [],
    )
    const { title, ...metadata } = properties
    return {
      title: writer.firstTopHeading() ?? title,
      metadata: { ...metadata, ...(hiddenSlides.length > 0 ? { hiddenSlides } : {}) },
    }
  },
})

const CLASS = 'presentation:class'
/** They repeat on every slide, like running lines on pages. */
const RUNNING = new Set(['date-time', 'footer', 'header', 'page-number', 'page', 'handout'])
/** Heads what the speaker says, below the slide's own title. */
const NOTES = 'Notes'

function writeSlide(slide: XmlElement, number: number, text: OdfText, writer: BlockWriter): void {
  const place = { slide: number }
  const frames = elementsOf(slide).filter((frame) => !RUNNING.has(classOf(frame)))
  // The title may lie anywhere among the frames; people read it first.
  for (const frame of frames.filter(isTitle)) writer.write('heading', text.oneLine(frame), { level: number === 1 ? 1 : 2, place })
  for (const frame of frames.filter((other) => !isTitle(other))) text.walk(wrap(frame), place)
  const notes = childrenOf(slide, 'notes').flatMap((page) => elementsOf(page).filter((frame) => classOf(frame) === 'notes'))
  if (notes.every((frame) => textOf(frame).trim() === '')) return
  writer.write('heading', NOTES, { level: 3, place })
  for (const frame of notes) text.walk(frame, place)
}

function isTitle(frame: XmlElement): boolean {
  return classOf(frame) === 'title'
}

function classOf(frame: XmlElement): string {
  return frame.attributes.get(CLASS) ?? ''
}

/** What is walked are children. */
function wrap(frame: XmlElement): XmlElement {
  return { name: '', local: '', attributes: new Map(), children: [frame] }
}
