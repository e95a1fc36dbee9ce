/** Reads XML as events, in one pass, without recursion. Declares no entities and fetches nothing; knows no vocabulary. */
import { parseFailure } from './define-parser.ts'

export interface XmlTag {
  /** As written, with its prefix. */
  readonly name: string
  /** Without its prefix: writers choose prefixes freely. */
  readonly local: string
  /** @param name as written. Entities are resolved. */
  attribute(name: string): string | undefined
  /** All of them, in the order of the file. */
  attributes(): ReadonlyMap<string, string>
}

export interface XmlHandler {
  open(tag: XmlTag): void
  /** @param local without its prefix. Empty elements are closed too. */
  close(local: string): void
  /** One text may come in several pieces. */
  text(text: string): void
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const [QUOTE, APOSTROPHE, SLASH, BANG, QUESTION, END] = [0x22, 0x27, 0x2f, 0x21, 0x3f, 0x3e]

/**
 * Names that do not match, a cut off end and entities that the document declares itself are refused; prefixes are not checked.
 * @param path names the document in errors
 * @throws TouchstoneError PARSE_FAILED
 */
export function readXml(source: string, path: string, handler: XmlHandler): void {
  const open: string[] = []
  let at = 0
  for (;;) {
    const start = source.indexOf('<', at)
    if (start === -1) break
    if (start > at && open.length > 0) handler.text(decodeEntities(source.slice(at, start)))
    const kind = source.charCodeAt(start + 1)
    if (kind === SLASH) at = closeElement(source, start, path, open, handler)
    else if (kind === BANG) at = skipDeclaration(source, start, path, open.length > 0 ? handler : undefined)
    else if (kind === QUESTION) at = endOf(source, '?>', start, path)
    else at = openElement(source, start, path, open, handler)
  }
  if (open.length > 0) throw damaged(path)
}

function openElement(source: string, start: number, path: string, open: string[], handler: XmlHandler): number {
  const end = tagEnd(source, start + 1)
  if (end === -1) throw damaged(path)
  const isEmpty = source.charCodeAt(end - 1) === SLASH
  const tag = new SourceTag(source, start + 1, isEmpty ? end - 1 : end)
  if (tag.name === '') throw damaged(path)
  handler.open(tag)
  if (isEmpty) handler.close(tag.local)
  else open.push(tag.name)
  return end + 1
}

function closeElement(source: string, start: number, path: string, open: string[], handler: XmlHandler): number {
  const end = source.indexOf('>', start)
  const name = end === -1 ? '' : source.slice(start + 2, end).trim()
  if (name === '' || open.pop() !== name) throw damaged(path)
  handler.close(localName(name))
  return end + 1
}

/** Comments and plain document types say nothing; a type that declares entities is where bombs and foreign files come in. */
function skipDeclaration(source: string, start: number, path: string, handler: XmlHandler | undefined): number {
  if (source.startsWith('<!--', start)) return endOf(source, '-->', start + 4, path)
  if (source.startsWith('<![CDATA[', start)) {
    const end = endOf(source, ']]>', start, path)
    handler?.text(source.slice(start + 9, end - 3))
    return end
  }
  const end = endOf(source, '>', start, path)
  if (source.slice(start, end).includes('[')) throw parseFailure(path, 'its XML declares entities of its own')
  return end
}

function endOf(source: string, mark: string, from: number, path: string): number {
  const found = source.indexOf(mark, from)
  if (found === -1) throw damaged(path)
  return found + mark.length
}

/** A `>` inside quotes does not end a tag. */
function tagEnd(source: string, from: number): number {
  let quote = 0
  for (let at = from; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === QUOTE || code === APOSTROPHE) quote = code
    else if (code === END) return at
  }
  return -1
}

/** Reads its attributes only when it is asked: most tags never are. */
class SourceTag implements XmlTag {
  readonly name: string
  readonly local: string
  readonly #source: string
  readonly #from: number
  readonly #to: number
  #attributes: ReadonlyMap<string, string> | undefined

  constructor(source: string, from: number, to: number) {
    let end = from
    while (end < to && source.charCodeAt(end) > 0x20) end++
    this.name = source.slice(from, end)
    this.local = localName(this.name)
    this.#source = source
    this.#from = end
    this.#to = to
  }

  attribute(name: string): string | undefined {
    return this.attributes().get(name)
  }

  attributes(): ReadonlyMap<string, string> {
    this.#attributes ??= readAttributes(this.#source.slice(this.#from, this.#to))
    return this.#attributes
  }
}

function readAttributes(written: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let at = 0
  for (;;) {
    const equals = written.indexOf('=', at)
    if (equals === -1) return found
    let opening = equals + 1
    while (written.charCodeAt(opening) <= 0x20) opening++
    const quote = written.charAt(opening)
    const closing = quote === '"' || quote === "'" ? written.indexOf(quote, opening + 1) : -1
    if (closing === -1) return found
    found.set(written.slice(at, equals).trim(), decodeEntities(written.slice(opening + 1, closing)))
    at = closing + 1
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** The five of XML and numbers; all others stay as they are written. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-f]{1,8})|#(\d{1,8})|([a-z]{2,4}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) =>
      name === undefined ? fromPoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)) : (ENTITIES[name] ?? whole),
  )
}

function fromPoint(point: number): string {
  if (point === 13) return '\n'
  const isScalar = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
  return isScalar ? String.fromCodePoint(point) : '\ufffd'
}

function damaged(path: string): Error {
  return parseFailure(path, 'its XML is damaged')
}
