/** E-books: chapters in reading order, under the titles of their table of contents. Knows chapters; blocks are the HTML walker's. */
import type { BlockWriter } from './block-writer.ts'
import { type DocumentHead, defineParser } from './define-parser.ts'
import { readContents } from './epub-contents.ts'
import { openBook } from './epub-package.ts'
import { writeHtmlBlocks } from './html-blocks.ts'
import { bodyOf, type HtmlDocument, parseXhtml } from './html-node.ts'
import { elementsOf, textOf, type XmlElement } from './xml-tree.ts'

export const epub = defineParser({
  id: 'epub',
  version: 1,
  summary: 'E-books (EPUB): chapters in reading order, titles of the contents as headings, footnotes',
  endings: ['epub'],
  mediaType: 'application/epub+zip',
  async read(input, writer) {
    const book = openBook(input)
    const contents = await readContents(book)
    const missing: string[] = []
    for (const chapter of book.spine) {
      const markup = book.source(chapter)
      if (markup === undefined) missing.push(chapter)
      else if (chapter !== contents.page) writeChapter(await parseXhtml(markup), contents.titles.get(chapter), writer)
    }
    const head = readHead(book.metadata)
    return { ...head, metadata: { ...head.metadata, ...(missing.length === 0 ? {} : { missing }) } }
  },
})

function readHead(metadata: XmlElement | undefined): DocumentHead {
  const valueOf = (name: string): string => {
    const element = elementsOf(metadata).find((each) => each.name === name)
    return textOf(element).replace(/\s+/g, ' ').trim()
  }
  const named = { author: valueOf('dc:creator'), language: valueOf('dc:language'), date: valueOf('dc:date') }
  return { title: valueOf('dc:title'), metadata: Object.fromEntries(Object.entries(named).filter(([, value]) => value !== '')) }
}

/** A chapter that heads itself needs no title; reading programs hide footnotes until they are asked for. */
function writeChapter(document: HtmlDocument, title: string | undefined, writer: BlockWriter): void {
  const body = bodyOf(document)
  const text = (body.textContent ?? '').trim()
  if (title !== undefined && text !== '' && document.querySelector('h1, h2, h3, h4, h5, h6') === null) {
    writer.write('heading', title, { level: 1 })
  }
  for (const element of document.querySelectorAll('[hidden]')) {
    if (/note/.test(`${element.getAttribute('epub:type')} ${element.getAttribute('role')}`)) element.removeAttribute('hidden')
  }
  writeHtmlBlocks(body, writer)
}
