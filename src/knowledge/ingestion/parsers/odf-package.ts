/** The package of OpenDocument: content, styles by name, properties. Knows no document in it. Source: ODF 1.3, parts 2 and 3. */
import type { ParserInput } from '../../../contracts/parser.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { openArchive } from './archive.ts'
import { parseFailure } from './define-parser.ts'
import { type DocumentProperties, readProperties } from './document-properties.ts'
import { requireFormat } from './sniff-format.ts'
import { decodeXml, descendantsOf, elementsOf, parseXmlTree, type XmlElement } from './xml-tree.ts'

export interface OdfPackage {
  /** XML of the part with the text. */
  readonly content: string
  /** XML of the part with the named styles; empty when there is none. */
  readonly styles: string
  readonly properties: DocumentProperties
}

/**
 * @param what names the kind in errors, with its article  @param body the element that holds such a document, as `office:text`
 * @throws TouchstoneError PARSE_FAILED, DOCUMENT_ENCRYPTED, ARCHIVE_TOO_LARGE
 */
export function openOdf({ bytes, path, limits }: ParserInput, what: string, body: string): OdfPackage {
  requireFormat('zip', bytes, path)
  const entries = openArchive(bytes, path, limits.maxInflatedBytes)
  const read = (name: string): string => {
    const entry = entries.get(name)
    return entry === undefined ? '' : decodeXml(entry.read())
  }
  // Each encrypted part says so in the manifest; such a part is no XML any more.
  if (/<(?:\w+:)?encryption-data[\s>]/.test(read('META-INF/manifest.xml')))
    throw new TouchstoneError('DOCUMENT_ENCRYPTED', { details: { path } })
  const content = read('content.xml')
  if (!content.includes(`<${body}`)) throw parseFailure(path, `it is a ZIP archive but not ${what}`)
  return { content, styles: read('styles.xml'), properties: readProperties(entries.get('meta.xml')?.read(), path) }
}

/** What styles say about paragraphs, lists, slides and tables, by name. */
export interface OdfStyles {
  /** The style's own name and those that it goes back to. */
  ancestry(name: string | undefined): readonly string[]
  /** Whether a list of the style counts at the depth, from 1. */
  isNumbered(list: string | undefined, depth: number): boolean
  /** Slides that are left out when they are shown, and sheets that do not show. */
  isHidden(name: string | undefined): boolean
  isBold(name: string | undefined): boolean
}

/** Chains of styles are short; a longer one is a circle. */
const MAX_ANCESTRY = 20

export function readOdfStyles(parts: readonly (XmlElement | undefined)[]): OdfStyles {
  const styles = new Map(namedBy(parts, 'style', 'style:name'))
  const lists = new Map(namedBy(parts, 'list-style', 'style:name'))
  const properties = (name: string | undefined): readonly XmlElement[] => elementsOf(styles.get(name ?? ''))
  return {
    ancestry(name) {
      const found: string[] = []
      for (let next = name; next !== undefined && found.length < MAX_ANCESTRY;) {
        found.push(next)
        next = styles.get(next)?.attributes.get('style:parent-style-name')
      }
      return found
    },
    isNumbered: (list, depth) =>
      elementsOf(lists.get(list ?? '')).some(
        ({ local, attributes }) =>
          local === 'list-level-style-number' &&
          attributes.get('text:level') === String(depth) &&
          (attributes.get('style:num-format') ?? '') !== '',
      ),
    isHidden: (name) =>
      properties(name).some(
        ({ attributes }) => attributes.get('presentation:visibility') === 'hidden' || attributes.get('table:display') === 'false',
      ),
    isBold: (name) => properties(name).some(({ attributes }) => attributes.get('fo:font-weight') === 'bold'),
  }
}

function namedBy(
  parts: readonly (XmlElement | undefined)[],
  local: string,
  attribute: string,
): readonly (readonly [string, XmlElement])[] {
  return parts.flatMap((part) =>
    descendantsOf(part, local).map((style) => [style.attributes.get(attribute) ?? '', style] as const),
  )
}

/** The styles of a document whose text is read in another way. @param source XML of the part with the text */
export function parseStyleParts(source: string, path: string): readonly XmlElement[] {
  return ['office:automatic-styles', 'office:styles'].flatMap((name) => {
    const start = source.search(new RegExp(`<${name}[\\s>]`))
    const end = start === -1 ? -1 : source.indexOf(`</${name}>`, start)
    return end === -1 ? [] : [parseXmlTree(source.slice(start, end + name.length + 3), path)]
  })
}
