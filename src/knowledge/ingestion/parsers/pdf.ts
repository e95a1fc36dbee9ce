/** PDF files: pages of paragraphs and headings. Knows the file; lines and paragraphs are made in pdf-layout. */
import type { getDocumentProxy } from 'unpdf'
import type { ParserInput } from '../../../contracts/parser.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { cleanText } from './decode-text.ts'
import { defineParser, parseFailure } from './define-parser.ts'
import { mendGlyphs } from './pdf-glyphs.ts'
import { layOutPages, type PdfBlock, type PdfItem } from './pdf-layout.ts'
import { looksLike, sniffBinary } from './sniff-format.ts'

export const pdf = defineParser({
  id: 'pdf',
  version: 2,
  summary: 'PDF with pages; headings by type size, tables by columns; scanned pages have no text',
  endings: ['pdf'],
  mediaType: 'application/pdf',
  async read(input, writer) {
    requirePdf(input)
    const document = await openPdf(input)
    try {
      const pages = await readPages(document, input)
      const { isTex, ...properties } = await readProperties(document)
      const groups: Partial<Record<PdfBlock['kind'], object>> = { 'list-item': {}, 'table-row': {} }
      const blocks = layOutPages(pages)
      for (const block of blocks) {
        const details = { place: { page: block.page }, ...(block.level === undefined ? {} : { level: block.level }) }
        const group = groups[block.kind]
        const text = cleanText(mendGlyphs(block.text, isTex))
        writer.write(block.kind, text, group === undefined ? details : { ...details, group })
      }
      const { title, ...metadata } = properties
      return { title: usefulTitle(title) ?? firstPageHeading(blocks), metadata }
    } finally {
      await document.loadingTask.destroy()
    }
  },
})

/** Readers accept some bytes before the signature. */
const SIGNATURE_WINDOW = 1024
/** What programs write into the title when the author did not. */
const GENERATED_TITLE = /^(?:untitled|microsoft \w+ - .*|.*\.(?:docx?|pptx?|xlsx?|odt|pdf|tex|dvi|indd|qxd|rtf|fm))$/i

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>

function requirePdf({ bytes, path }: ParserInput): void {
  if (looksLike('pdf', bytes)) return
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SIGNATURE_WINDOW))
  const found = sniffBinary(bytes)
  if (found !== undefined) throw parseFailure(path, `it is not a PDF file but ${found}`)
  if (!head.includes('%PDF-')) throw parseFailure(path, 'it is not a PDF file')
}

async function openPdf({ bytes, path, limits }: ParserInput): Promise<PdfDocument> {
  const unpdf = await import('unpdf')
  // pdf.js takes the buffer away from its owner.
  const document = await unpdf.getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'PasswordException')
      throw new TouchstoneError('DOCUMENT_ENCRYPTED', { details: { path } })
    throw error
  })
  if (document.numPages <= limits.maxPages) return document
  await document.loadingTask.destroy()
  throw new TouchstoneError('DOCUMENT_TOO_LARGE', { details: { path, limit: limits.maxPages, unit: 'pages' } })
}

async function readPages(document: PdfDocument, { path, limits }: ParserInput): Promise<readonly (readonly PdfItem[])[]> {
  const pages: (readonly PdfItem[])[] = []
  let length = 0
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const content = await page.getTextContent()
    const items: PdfItem[] = []
    for (const item of content.items) {
      if (!('str' in item)) continue
      length += item.str.length
      items.push(toPdfItem(item))
    }
    // Checked while reading: the layout comes only after the last page.
    if (length > limits.maxTextLength) {
      throw new TouchstoneError('DOCUMENT_TOO_LARGE', { details: { path, limit: limits.maxTextLength, unit: 'characters' } })
    }
    pages.push(markTurned(items))
    page.cleanup()
  }
  return pages
}

/** Most of a page decides how it is held. */
function markTurned(items: readonly PdfItem[]): readonly PdfItem[] {
  const turned = items.filter((item) => item.isTurned).length
  return turned * 2 <= items.length ? items : items.map((item) => ({ ...item, isTurned: !item.isTurned }))
}

function toPdfItem(item: { str: string; transform: unknown[]; width: number; hasEOL: boolean }): PdfItem {
  const [scaleX, skewY, skewX, scaleY, x, y] = item.transform.map(Number)
  const isTurned = Math.abs(skewY ?? 0) > Math.abs(scaleX ?? 0)
  return {
    text: item.str,
    // Turned pages: reading goes along the other axis.
    x: (isTurned ? y : x) ?? 0,
    y: (isTurned ? -(x ?? 0) * Math.sign(skewY ?? 1) : y) ?? 0,
    width: item.width,
    size: Math.hypot(skewX ?? 0, scaleY ?? 0),
    endsLine: item.hasEOL,
    isTurned,
  }
}

interface PdfProperties {
  readonly isTex: boolean
  readonly title?: string
  readonly author?: string
  readonly language?: string
}

async function readProperties(document: PdfDocument): Promise<PdfProperties> {
  const { info } = await document.getMetadata()
  const found = info as Readonly<Record<string, unknown>>
  const named = { title: found['Title'], author: found['Author'], language: found['Language'] }
  const isTex = /\btex\b|latex|pdftex|xetex|luatex/i.test(`${String(found['Creator'])} ${String(found['Producer'])}`)
  return {
    isTex,
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => typeof value === 'string' && value.trim() !== '')),
  }
}

function usefulTitle(title: string | undefined): string | undefined {
  const text = cleanText(title ?? '').trim()
  return text === '' || GENERATED_TITLE.test(text) ? undefined : text
}

/** A large number on the first page is no title. */
function firstPageHeading(blocks: readonly PdfBlock[]): string | undefined {
  const heading = blocks.find((block) => block.kind === 'heading' && block.level === 1 && block.page === 1)?.text
  return heading !== undefined && /\p{L}.*\p{L}.*\p{L}/u.test(heading) ? heading : undefined
}
