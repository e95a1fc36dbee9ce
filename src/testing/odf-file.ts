/** Builds small OpenDocument files for tests from the XML of their bodies. Knows the package's least; knows no parser. */
import { zipSync, type Zippable } from 'fflate'

const NAMES = ['office', 'text', 'table', 'style', 'draw', 'fo', 'presentation', 'svg', 'meta', 'manifest']
  .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
  .join(' ')

export interface OdfOptions {
  /** XML of automatic styles. */
  readonly styles?: string
  readonly title?: string
  readonly encrypted?: boolean
  /** Further entries of the archive, or others in place of these. */
  readonly extra?: Zippable
}

/** @param body what stands inside `office:text`, `office:presentation` or `office:spreadsheet` */
export function buildOdf(kind: 'text' | 'presentation' | 'spreadsheet', body: string, options: OdfOptions = {}): Uint8Array {
  const { styles = '', title = '', encrypted = false, extra = {} } = options
  const entry = encrypted ? '<manifest:encryption-data manifest:checksum="x"/>' : ''
  return zipSync({
    mimetype: [new TextEncoder().encode(`application/vnd.oasis.opendocument.${kind}`), { level: 0 }],
    'META-INF/manifest.xml': xml(
      `<manifest:manifest ${NAMES}><manifest:file-entry manifest:full-path="content.xml">${entry}</manifest:file-entry></manifest:manifest>`,
    ),
    'meta.xml': xml(
      `<office:document-meta ${NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>${title}</dc:title></office:meta></office:document-meta>`,
    ),
    'content.xml': xml(
      `<office:document-content ${NAMES} xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:automatic-styles>${styles}</office:automatic-styles>
      <office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    ),
    ...extra,
  })
}

function xml(content: string): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${content}`)
}
