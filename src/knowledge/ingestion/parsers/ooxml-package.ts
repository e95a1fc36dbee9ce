/** The package of Office Open XML: parts and how they refer to each other. Knows no document in it. Source: ECMA-376, part 2. */
import type { ParserInput } from '../../../contracts/parser.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { openArchive } from './archive.ts'
import { parseFailure } from './define-parser.ts'
import { type DocumentProperties, readProperties } from './document-properties.ts'
import { requireFormat } from './sniff-format.ts'
import { childrenOf, decodeXml, parseXmlTree, type XmlElement } from './xml-tree.ts'

export interface Relation {
  readonly id: string
  /** The last word of its type: `worksheet`, `notesSlide`; the strict and the usual form agree in it. */
  readonly type: string
  /** Name of the part that it leads to. */
  readonly target: string
}

export interface OoxmlPackage {
  readonly path: string
  /** Name of the main part. */
  readonly main: string
  /** Its root element. */
  readonly root: XmlElement
  /** XML of a part, or nothing when there is no such part. @throws TouchstoneError ARCHIVE_TOO_LARGE, PARSE_FAILED */
  source(part: string): string | undefined
  tree(part: string): XmlElement | undefined
  /** Where a part leads inside the package; links to elsewhere are left out. */
  relations(part: string): readonly Relation[]
  properties(): DocumentProperties
}

/**
 * @param what names the kind in errors, with its article  @param rootName local name of the main part's root element
 * @throws TouchstoneError PARSE_FAILED, FORMAT_OUTDATED for binary workbooks, ARCHIVE_TOO_LARGE
 */
export function openOoxml({ bytes, path, limits }: ParserInput, what: string, rootName: string): OoxmlPackage {
  requireFormat('zip', bytes, path)
  const entries = openArchive(bytes, path, limits.maxInflatedBytes)
  // Part names differ in case between those who write and those who refer.
  const byName = new Map([...entries].map(([name, entry]) => [name.toLowerCase(), entry]))
  const read = (part: string): Uint8Array | undefined => byName.get(part.toLowerCase())?.read()
  const source = (part: string): string | undefined => {
    const found = read(part)
    return found && decodeXml(found)
  }
  const tree = (part: string): XmlElement | undefined => {
    const found = source(part)
    return found === undefined ? undefined : parseXmlTree(found, path)
  }
  const known = new Map<string, readonly Relation[]>()
  const relations = (part: string): readonly Relation[] => {
    const found = known.get(part) ?? readRelations(tree(relationsPart(part)), part)
    known.set(part, found)
    return found
  }
  const main = relations('').find((relation) => relation.type === 'officeDocument')?.target ?? ''
  if (main.endsWith('.bin'))
    throw new TouchstoneError('FORMAT_OUTDATED', { details: { path, format: 'a binary workbook (XLSB)', target: 'XLSX' } })
  const root = tree(main)
  if (root?.local !== rootName) throw parseFailure(path, `it is a ZIP archive but not ${what}`)
  return { path, main, root, source, tree, relations, properties: () => readProperties(read('docProps/core.xml'), path) }
}

function relationsPart(part: string): string {
  const slash = part.lastIndexOf('/') + 1
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
}

function readRelations(list: XmlElement | undefined, from: string): readonly Relation[] {
  return childrenOf(list, 'Relationship').flatMap(({ attributes }) => {
    if (attributes.get('TargetMode') === 'External') return []
    const type = attributes.get('Type') ?? ''
    const target = resolvePart(from, attributes.get('Target') ?? '')
    return [{ id: attributes.get('Id') ?? '', type: type.slice(type.lastIndexOf('/') + 1), target }]
  })
}

/** Names inside the package, never of the file system. */
export function resolvePart(from: string, target: string): string {
  const names = target.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const name of target.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return names.join('/')
}

/** The attribute that names a relation, as `r:id`: writers choose the prefix, and `id` without one is something else. */
export function relationId(element: XmlElement, local = 'id'): string | undefined {
  for (const [name, value] of element.attributes) if (name.endsWith(`:${local}`)) return value
  return undefined
}
