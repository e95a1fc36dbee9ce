/** Word documents: text, headings, lists and tables by their styles. Knows the package; blocks are the HTML walker's. */
import type { ParserInput } from '../../../contracts/parser.ts'
import { type ArchiveEntry, openArchive } from './archive.ts'
import { cleanText } from './decode-text.ts'
import { defineParser, parseFailure } from './define-parser.ts'
import { readProperties } from './document-properties.ts'
import { writeHtmlBlocks } from './html-blocks.ts'
import { bodyOf, parseHtml } from './html-node.ts'
import { requireFormat } from './sniff-format.ts'

export const docx = defineParser({
  id: 'docx',
  version: 2,
  summary: 'Word documents (DOCX): text, headings, lists and tables; images are dropped',
  endings: ['docx'],
  mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  async read(input, writer) {
    requireFormat('zip', input.bytes, input.path)
    const parts = readParts(input)
    const document = await parseHtml(cleanText(await convertToHtml(parts)))
    writeHtmlBlocks(bodyOf(document), writer)
    const { title, ...metadata } = readProperties(parts.get('docProps/core.xml'), input.path)
    return { title: writer.firstTopHeading() ?? title, metadata }
  },
})

/** The parts that carry text; pictures, fonts and embedded files stay packed. */
const TEXT_PARTS = /\.(?:xml|rels)$/
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  "p[style-name='Caption'] => p:fresh",
  "p[style-name='caption'] => p:fresh",
]

function readParts({ bytes, path, limits }: ParserInput): ReadonlyMap<string, Uint8Array> {
  const entries = openArchive(bytes, path, limits.maxInflatedBytes)
  if (!entries.has('[Content_Types].xml')) throw parseFailure(path, 'it is a ZIP archive but no Word document')
  const textParts = [...entries.values()].filter((entry: ArchiveEntry) => TEXT_PARTS.test(entry.name))
  return new Map(textParts.map((entry) => [entry.name, entry.read()]))
}

/** mammoth inflates without limits, so it is given what we inflated, stored as it is. */
async function convertToHtml(parts: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const [{ zipSync }, { default: mammoth }] = await Promise.all([import('fflate'), import('mammoth')])
  const buffer = Buffer.from(zipSync(Object.fromEntries(parts), { level: 0 }))
  const convertImage = mammoth.images.imgElement(async () => ({ src: '' }))
  const { value } = await mammoth.convertToHtml({ buffer }, { styleMap: STYLES, convertImage, externalFileAccess: false })
  return value
}
