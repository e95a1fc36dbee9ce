/** What office documents say about themselves in their Dublin Core part. Knows nothing of their text. */
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { decodeXml, descendantsOf, elementsOf, parseXmlTree, textOf, type XmlElement } from './xml-tree.ts'

export interface DocumentProperties {
  readonly title?: string
  readonly author?: string
  readonly language?: string
  /** As the writer's program spelled it, ISO 8601 as a rule. */
  readonly modified?: string
}

/** Office Open XML and OpenDocument name them alike, except for the date. */
const NAMES: Readonly<Record<string, keyof DocumentProperties>> = {
  'dc:title': 'title',
  'dc:creator': 'author',
  'dc:language': 'language',
  'dcterms:modified': 'modified',
  'dc:date': 'modified',
}
/** What programs write into the title when the author did not. */
const GENERATED_TITLE = /^(?:PowerPoint[- ]\p{L}+|\p{L}+ PowerPoint|Microsoft \w+ - .*|Presentation\d*|Slide \d+|Untitled.*)$/iu

/** A part that cannot be read says nothing: the text counts. */
export function readProperties(part: Uint8Array | undefined, path: string): DocumentProperties {
  if (part === undefined) return {}
  const found: Record<string, string> = {}
  for (const element of propertyElements(part, path)) {
    const name = NAMES[element.name]
    const value = textOf(element).trim()
    if (name !== undefined && value !== '') found[name] = value
  }
  if (GENERATED_TITLE.test(found['title'] ?? '')) delete found['title']
  return found
}

function propertyElements(part: Uint8Array, path: string): readonly XmlElement[] {
  try {
    const root = parseXmlTree(decodeXml(part), path)
    const [meta] = descendantsOf(root, 'meta')
    return elementsOf(meta ?? root)
  } catch (error) {
    if (error instanceof TouchstoneError) return []
    throw error
  }
}
