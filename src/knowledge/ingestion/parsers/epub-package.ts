/** The package of an e-book: its parts, their order, what protects them. Knows no chapter. Source: EPUB 3.3. */
import type { ParserInput } from '../../../contracts/parser.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { openArchive } from './archive.ts'
import { parseFailure } from './define-parser.ts'
import { resolvePart } from './ooxml-package.ts'
import { requireFormat } from './sniff-format.ts'
import { childAt, childrenOf, decodeXml, descendantsOf, parseXmlTree, type XmlElement } from './xml-tree.ts'

/** The package as its readers need it; parts are named from the root of the archive. */
export interface EpubBook {
  readonly path: string
  readonly metadata: XmlElement | undefined
  readonly manifest: readonly EpubPart[]
  /** Parts in the order in which they are read. */
  readonly spine: readonly string[]
  /** Older books name their table of contents here. */
  readonly tocId: string | undefined
  source(part: string): string | undefined
}

export interface EpubPart {
  readonly id: string
  readonly part: string
  readonly properties: readonly string[]
}

const CONTAINER = 'META-INF/container.xml'
const ENCRYPTION = 'META-INF/encryption.xml'

/** @throws TouchstoneError PARSE_FAILED, DOCUMENT_ENCRYPTED, ARCHIVE_TOO_LARGE */
export function openBook({ bytes, path, limits }: ParserInput): EpubBook {
  requireFormat('zip', bytes, path)
  const entries = openArchive(bytes, path, limits.maxInflatedBytes)
  const source = (part: string): string | undefined => {
    const entry = entries.get(part)
    return entry && decodeXml(entry.read())
  }
  const tree = (part: string): XmlElement | undefined => {
    const found = source(part)
    return found === undefined ? undefined : parseXmlTree(found, path)
  }
  const [rootFile] = descendantsOf(tree(CONTAINER), 'rootfile')
  const main = rootFile?.attributes.get('full-path') ?? ''
  const root = tree(main)
  if (root === undefined) throw parseFailure(path, 'it is a ZIP archive but no e-book')
  const manifest = childrenOf(childAt(root, 'manifest'), 'item').map(({ attributes }) => ({
    id: attributes.get('id') ?? '',
    part: resolvePart(main, unescapePart(attributes.get('href') ?? '')),
    properties: (attributes.get('properties') ?? '').split(/\s+/),
  }))
  const parts = new Map(manifest.map(({ id, part }) => [id, part]))
  const spine = childAt(root, 'spine')
  const order = childrenOf(spine, 'itemref').flatMap(({ attributes }) => parts.get(attributes.get('idref') ?? '') ?? [])
  refuseProtected(tree(ENCRYPTION), order, path)
  return {
    path,
    metadata: childAt(root, 'metadata'),
    manifest,
    spine: [...new Set(order)],
    tocId: spine?.attributes.get('toc'),
    source,
  }
}

/** Fonts are scrambled in many books; a book whose chapters are is sold with a key. */
function refuseProtected(encryption: XmlElement | undefined, chapters: readonly string[], path: string): void {
  const encrypted = descendantsOf(encryption, 'CipherReference').map(({ attributes }) =>
    unescapePart(attributes.get('URI') ?? ''),
  )
  if (encrypted.some((part) => chapters.includes(part))) throw new TouchstoneError('DOCUMENT_ENCRYPTED', { details: { path } })
}

/** @returns the part of a reference: without its fragment, percent signs resolved */
export function unescapePart(reference: string): string {
  const [part = ''] = reference.split('#')
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
