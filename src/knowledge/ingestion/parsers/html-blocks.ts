/** Walks HTML and writes its blocks. Knows elements; knows nothing of pages, main content or where the markup came from. */
import type { BlockKind } from '../../../contracts/document.ts'
import type { BlockWriter } from './block-writer.ts'
import { type HtmlElement, type HtmlNode, isElement, TEXT_NODE } from './html-node.ts'
import { HARD_BREAK, settleToOneLine, settleWhiteSpace } from './inline-text.ts'
import { isLayoutTable, readHtmlTable } from './html-table.ts'
import { renderTableRows } from './table-rows.ts'

/** Deeper nesting is an attack or a defect; the reader must not run out of stack. */
const MAX_DEPTH = 1000

const UNREAD = new Set(
  'SCRIPT STYLE TEMPLATE NOSCRIPT HEAD TITLE IMG PICTURE SVG MATH CANVAS VIDEO AUDIO IFRAME OBJECT EMBED INPUT SELECT TEXTAREA BUTTON RT RP'.split(
    ' ',
  ),
)
const BLOCKS = new Set(
  `ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DETAILS DIALOG DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM HEADER HGROUP HR HTML
  LI MAIN MENU NAV OL P SECTION SUMMARY TBODY TD TFOOT TH THEAD TR UL CAPTION LEGEND`.split(/\s+/),
)

/** Two hard breaks, with nothing visible between them. */
const PARAGRAPH_BREAK = new RegExp(`${HARD_BREAK}[ \\t\\n]*${HARD_BREAK}`)

/** Where the walk is: what a paragraph found here would be. */
interface Place {
  readonly kind: BlockKind
  readonly group?: object
  readonly depth: number
}

/** Writes every visible block below the node. @throws RangeError when it is nested deeper than 1000 elements */
export function writeHtmlBlocks(root: HtmlNode, writer: BlockWriter): void {
  const walk = new HtmlWalk(writer)
  walk.enterAll(root, { kind: 'paragraph', depth: 0 })
  walk.flush({ kind: 'paragraph', depth: 0 })
}

/** Text below the node on one line, as in a heading or a cell; items of lists are separated by commas. */
export function oneLineText(node: HtmlNode): string {
  const parts: string[] = []
  collectText(node, parts, 0)
  return settleToOneLine(parts.join(''))
}

class HtmlWalk {
  readonly #writer: BlockWriter
  #inline: string[] = []
  /** Stands before the next block: the number of an ordered list's item. */
  #marker = ''
  /** The next paragraph is the first of its list item. */
  #itemIsNew = false

  constructor(writer: BlockWriter) {
    this.#writer = writer
  }

  enterAll(parent: HtmlNode, place: Place): void {
    if (place.depth > MAX_DEPTH) throw new RangeError('Maximum call stack size: HTML is nested too deeply')
    for (const child of parent.childNodes) this.#enter(child, { ...place, depth: place.depth + 1 })
  }

  /** Ends the paragraph under way. Two line breaks in a row end one too. */
  flush(place: Place): void {
    const text = this.#inline.join('')
    this.#inline = []
    for (const paragraph of text.split(PARAGRAPH_BREAK)) {
      const settled = settleWhiteSpace(paragraph)
      if (settled !== '') this.#write(place, settled)
    }
  }

  #write(place: Place, text: string): void {
    const isItem = place.kind === 'list-item'
    const kind = isItem && !this.#itemIsNew ? 'paragraph' : place.kind
    this.#writer.write(kind, this.#marker + text, kind === 'list-item' && place.group !== undefined ? { group: place.group } : {})
    this.#marker = ''
    this.#itemIsNew = false
  }

  #enter(node: HtmlNode, place: Place): void {
    if (node.nodeType === TEXT_NODE) this.#inline.push((node.textContent ?? '').replaceAll(HARD_BREAK, ''))
    if (!isElement(node) || UNREAD.has(node.nodeName) || isHidden(node)) return
    const name = node.nodeName
    if (name === 'BR') this.#inline.push(HARD_BREAK)
    else if (/^H[1-6]$/.test(name)) this.#heading(node, place)
    else if (name === 'PRE') this.#code(node, place)
    else if (name === 'TABLE') this.#table(node, place)
    else if (name === 'UL' || name === 'OL' || name === 'MENU') this.#list(node, place)
    else if (BLOCKS.has(name)) this.#block(node, place)
    else if (name === 'SUP') this.#inline.push(superscript(node))
    else this.enterAll(node, place)
  }

  #block(node: HtmlElement, place: Place): void {
    const inner: Place = node.nodeName === 'BLOCKQUOTE' && place.kind === 'paragraph' ? { ...place, kind: 'quote' } : place
    this.flush(place)
    this.enterAll(node, inner)
    this.flush(inner)
  }

  #heading(node: HtmlElement, place: Place): void {
    this.flush(place)
    this.#writer.write('heading', this.#marker + oneLineText(node), { level: Number(node.nodeName[1]) })
    this.#marker = ''
  }

  #code(node: HtmlElement, place: Place): void {
    this.flush(place)
    const parts: string[] = []
    collectVerbatim(node, parts, 0)
    this.#writer.write('code', parts.join(''))
  }

  #list(node: HtmlElement, place: Place): void {
    this.flush(place)
    const item: Place = { ...place, kind: 'list-item', group: place.group ?? {} }
    let number = Number.parseInt(node.getAttribute('start') ?? '1', 10) || 1
    for (const child of node.childNodes) {
      if (!isElement(child) || isHidden(child)) continue
      if (child.nodeName !== 'LI') {
        this.#enter(child, item)
        continue
      }
      number = Number.parseInt(child.getAttribute('value') ?? '', 10) || number
      this.#marker = node.nodeName === 'OL' ? `${number}. ` : ''
      this.#itemIsNew = true
      this.enterAll(child, { ...item, depth: place.depth + 1 })
      this.flush(item)
      this.#marker = ''
      number++
    }
  }

  #table(node: HtmlElement, place: Place): void {
    this.flush(place)
    if (isLayoutTable(node)) return this.#block(node, place)
    const table = readHtmlTable(node, oneLineText)
    if (table.caption !== '') this.#writer.write('paragraph', table.caption)
    const group = {}
    for (const line of renderTableRows(table.rows)) this.#writer.write('table-row', line, { group })
  }
}

// The element functions below are called for every node: attribute look-ups come last.
function isHidden(element: HtmlElement): boolean {
  if (element.hasAttribute('hidden') || element.getAttribute('aria-hidden') === 'true') return true
  const style = element.getAttribute('style')
  return style !== null && /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style)
}

function collectText(node: HtmlNode, parts: string[], depth: number): void {
  let itemsSeen = 0
  if (depth > MAX_DEPTH) throw new RangeError('Maximum call stack size: HTML is nested too deeply')
  for (const child of node.childNodes) {
    if (child.nodeType === TEXT_NODE) parts.push((child.textContent ?? '').replaceAll(HARD_BREAK, ''))
    if (!isElement(child) || UNREAD.has(child.nodeName) || isHidden(child)) continue
    const isBlock = child.nodeName === 'BR' || BLOCKS.has(child.nodeName)
    if (child.nodeName === 'SUP') {
      parts.push(superscript(child))
      continue
    }
    if (isBlock) parts.push(itemsSeen > 0 && child.nodeName === 'LI' && !endsInPunctuation(parts) ? ', ' : ' ')
    collectText(child, parts, depth + 1)
    if (child.nodeName === 'LI') itemsSeen++
    else if (isBlock) parts.push(' ')
  }
}

/** Raised numbers must not grow together with what they stand at: a note becomes `[1]`, a power `^2`; `1st` stays as it is. */
function superscript(node: HtmlElement): string {
  const text = settleToOneLine((node.textContent ?? '').replaceAll(HARD_BREAK, ''))
  const isNote = node.querySelector('a') !== null || node.closest('a') !== null
  if (isNote && /^(?:[\p{N}\p{L}]{1,3}|[*†‡§]+)$/u.test(text)) return `[${text}]`
  return /^[-−+]?\p{N}+$/u.test(text) ? `^${text}` : text
}

function endsInPunctuation(parts: readonly string[]): boolean {
  return /[\p{P}\s]$/u.test((parts.at(-1) ?? '').trimEnd())
}

function collectVerbatim(node: HtmlNode, parts: string[], depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError('Maximum call stack size: HTML is nested too deeply')
  for (const child of node.childNodes) {
    if (child.nodeType === TEXT_NODE) parts.push((child.textContent ?? '').replaceAll(HARD_BREAK, ''))
    if (!isElement(child) || UNREAD.has(child.nodeName) || isHidden(child)) continue
    if (child.nodeName === 'BR') parts.push('\n')
    collectVerbatim(child, parts, depth + 1)
  }
}
