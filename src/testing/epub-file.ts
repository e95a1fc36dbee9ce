/** Builds small e-books for tests. Knows the least that the format needs; knows no parser. */
import { strToU8, zipSync } from 'fflate'

export interface EpubParts {
  /** Bodies by file name, in reading order. */
  readonly chapters: Readonly<Record<string, string>>
  /** Body of the page with the table of contents. */
  readonly nav?: string
  /** The table of contents of older books. */
  readonly ncx?: string
  /** Further entries of the archive. */
  readonly extra?: Readonly<Record<string, string>>
}

export function buildEpub({ chapters, nav, ncx, extra = {} }: EpubParts): Uint8Array {
  const names = Object.keys(chapters)
  const items = names.map((name, index) => `<item id="c${index}" href="${encodeURI(name)}"/>`)
  if (nav !== undefined) items.push('<item id="nav" href="nav.xhtml" properties="nav"/>')
  if (ncx !== undefined) items.push('<item id="ncx" href="toc.ncx"/>')
  const files = {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    'OEBPS/book.opf': `<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Book</dc:title><dc:creator>Ann</dc:creator>
      <dc:language>de</dc:language></metadata><manifest>${items.toReversed().join('')}</manifest>
      <spine toc="ncx"><itemref idref="nav"/>${names.map((_, index) => `<itemref idref="c${index}"/>`).join('')}</spine></package>`,
    ...Object.fromEntries(names.map((name) => [`OEBPS/${name}`, page(chapters[name] ?? '')])),
    ...(nav === undefined ? {} : { 'OEBPS/nav.xhtml': page(nav) }),
    ...(ncx === undefined ? {} : { 'OEBPS/toc.ncx': ncx }),
    ...extra,
  }
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, [strToU8(text), { level: name === 'mimetype' ? 0 : 6 }]]),
    ),
  )
}

function page(body: string): string {
  return `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>${body}</body></html>`
}
