/** XML as a tree, for parts that are small or read in several directions. Knows no vocabulary. */
import { cleanText } from './decode-text.ts'
import { parseFailure } from './define-parser.ts'
import { readXml, type XmlTag } from './xml-reader.ts'

export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string
  /** Without its prefix. */
  readonly local: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly (XmlElement | string)[]
}

/** Deeper nesting is an attack or a defect; who walks the tree must not run out of stack. */
const MAX_DEPTH = 400
const DECLARATION_BYTES = 200

/** @throws TouchstoneError PARSE_FAILED for damaged XML, for entities of its own, and when nested too deeply */
export function parseXmlTree(source: string, path: string): XmlElement {
  const root: OpenElement = { name: '', local: '', attributes: new Map(), children: [] }
  const open = [root]
  readXml(source, path, {
    open(tag) {
      if (open.length > MAX_DEPTH) throw parseFailure(path, 'it is nested too deeply')
      const element = toElement(tag)
      open.at(-1)?.children.push(element)
      open.push(element)
    },
    close: () => void open.pop(),
    text: (text) => void open.at(-1)?.children.push(text),
  })
  const [document] = elementsOf(root)
  if (document === undefined) throw parseFailure(path, 'its XML is damaged')
  return document
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[]
}

function toElement(tag: XmlTag): OpenElement {
  return { name: tag.name, local: tag.local, attributes: tag.attributes(), children: [] }
}

/** @returns XML in UTF-8, in UTF-16 with a byte order mark, or in what it declares */
export function decodeXml(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return cleanText(new TextDecoder('utf-16le').decode(bytes))
  if (first === 0xfe && second === 0xff) return cleanText(new TextDecoder('utf-16be').decode(bytes))
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_BYTES))
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? 'utf-8'
  return cleanText(decodeAs(declared, bytes))
}

function decodeAs(label: string, bytes: Uint8Array): string {
  try {
    // Bytes without a mark whose declaration can be read are not UTF-16.
    return new TextDecoder(/^utf-?16/i.test(label) ? 'utf-8' : label).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

export function elementsOf(parent: XmlElement | undefined): readonly XmlElement[] {
  return (parent?.children ?? []).filter((child) => typeof child !== 'string')
}

/** Children by their name without prefix. */
export function childrenOf(parent: XmlElement | undefined, ...locals: readonly string[]): readonly XmlElement[] {
  return elementsOf(parent).filter((child) => locals.includes(child.local))
}

/** The element at the end of a path of first children, by names without prefix. */
export function childAt(parent: XmlElement | undefined, ...locals: readonly string[]): XmlElement | undefined {
  return locals.reduce<XmlElement | undefined>((element, local) => childrenOf(element, local)[0], parent)
}

/** Everything below that has the name without prefix, in the order of the file. */
export function descendantsOf(parent: XmlElement | undefined, local: string): readonly XmlElement[] {
  const found: XmlElement[] = []
  collect(parent, local, found)
  return found
}

function collect(parent: XmlElement | undefined, local: string, found: XmlElement[]): void {
  for (const child of elementsOf(parent)) {
    if (child.local === local) found.push(child)
    collect(child, local, found)
  }
}

/** All text below, as it is. */
export function textOf(parent: XmlElement | string | undefined): string {
  if (parent === undefined || typeof parent === 'string') return parent ?? ''
  return parent.children.map(textOf).join('')
}
