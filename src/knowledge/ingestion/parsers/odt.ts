/** OpenDocument texts. Knows the package; blocks are written by odf-text. */
import { defineParser } from './define-parser.ts'
import { openOdf, readOdfStyles } from './odf-package.ts'
import { OdfText } from './odf-text.ts'
import { childAt, parseXmlTree } from './xml-tree.ts'

export const odt = defineParser({
  id: 'odt',
  version: 1,
  summary: 'OpenDocument texts (ODT): headings, lists, tables and notes; tracked changes as accepted, comments left out',
  endings: ['odt', 'ott'],
  mediaType: 'application/vnd.oasis.opendocument.text',
  async read(input, writer) {
    const { content, styles, properties } = openOdf(input, 'an OpenDocument text', 'office:text')
    const document = parseXmlTree(content, input.path)
    const named = styles === '' ? undefined : parseXmlTree(styles, input.path)
    const text = childAt(document, 'body', 'text')
    if (text !== undefined) new OdfText(writer, readOdfStyles([named, document])).walk(text)
    const { title, ...metadata } = properties
    return { title: writer.firstTopHeading() ?? title, metadata }
  },
})
