/** Walks the tokens of a Markdown document and writes its blocks. Knows markdown-it's tokens; knows nothing of front matter or files. */
import type { Token } from 'markdown-it'
import type { BlockKind } from '../../../contracts/document.ts'
import type { BlockWriter } from './block-writer.ts'
import { writeHtmlBlocks } from './html-blocks.ts'
import { bodyOf, parseHtml } from './html-node.ts'
import { HARD_BREAK, settleToOneLine, settleWhiteSpace } from './inline-text.ts'
import { renderTableRows, type TableCell } from './table-rows.ts'

/** What is open at a token, innermost last. */
type Container =
  | { readonly type: 'quote' }
  | { readonly type: 'list'; readonly group: object; number: number | undefined }
  | { readonly type: 'item'; readonly group: object; readonly marker: string; isEmpty: boolean }

export interface MarkdownOptions {
  /** Paragraphs of the top level that are not text. */
  readonly skip: (paragraph: string) => boolean
}

const CLOSINGS = new Set(['blockquote_close', 'bullet_list_close', 'ordered_list_close', 'list_item_close'])

export async function writeMarkdownBlocks(
  tokens: readonly Token[],
  writer: BlockWriter,
  options: MarkdownOptions,
): Promise<void> {
  const open: Container[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined) continue
    const inner = open.at(-1)
    const opened = containerAt(token, inner)
    if (opened !== undefined) open.push(opened)
    else if (CLOSINGS.has(token.type)) open.pop()
    else if (token.type === 'table_open') at = writeTable(tokens, at, writer)
    else if (token.type === 'inline') writeInline(token, tokens[at - 1], open, writer, options)
    else if (token.type === 'html_block') await writeEmbeddedHtml(token.content, writer)
    else if (token.type === 'fence' || token.type === 'code_block') writer.write('code', token.content)
    // Rules and the openings and endings of leaves say nothing.
    else continue
    // Whatever comes first in an item, only a paragraph there is the item's own text.
    if (inner?.type === 'item') inner.isEmpty = false
  }
}

function containerAt(token: Token, inner: Container | undefined): Container | undefined {
  if (token.type === 'blockquote_open') return { type: 'quote' }
  if (token.type === 'bullet_list_open' || token.type === 'ordered_list_open') return listIn(inner, token)
  return token.type === 'list_item_open' && inner?.type === 'list' ? itemOf(inner) : undefined
}

/** A list inside an item stays in the outer list's group. */
function listIn(inner: Container | undefined, token: Token): Container {
  const start = token.type === 'ordered_list_open' ? Number(token.attrGet('start') ?? 1) : undefined
  return { type: 'list', group: inner?.type === 'item' ? inner.group : {}, number: start }
}

/** `1. ` goes before the first paragraph of an ordered list's item. */
function itemOf(list: Container & { type: 'list' }): Container {
  const marker = list.number === undefined ? '' : `${list.number}. `
  if (list.number !== undefined) list.number++
  return { type: 'item', group: list.group, marker, isEmpty: true }
}

function writeInline(
  token: Token,
  opening: Token | undefined,
  open: readonly Container[],
  writer: BlockWriter,
  options: MarkdownOptions,
): void {
  const text = textOf(token)
  if (opening?.type === 'heading_open') {
    writer.write('heading', headingText(text), { level: Number(opening.tag.slice(1)) })
    return
  }
  const inner = open.at(-1)
  if (inner?.type === 'item' && inner.isEmpty) {
    writer.write('list-item', inner.marker + settleWhiteSpace(text.replace(TASK, '')), { group: inner.group })
  } else if (open.length > 0 || !options.skip(text)) {
    const kind: BlockKind = inner?.type === 'quote' ? 'quote' : 'paragraph'
    writer.write(kind, settleWhiteSpace(text))
  }
}

/** The box of a task list. */
const TASK = /^\[[ xX]\][ \t\n]/

/** @returns where the table ends */
function writeTable(tokens: readonly Token[], start: number, writer: BlockWriter): number {
  const rows: { isHeader: boolean; cells: TableCell[] }[] = []
  let at = start
  for (; at < tokens.length && tokens[at]?.type !== 'table_close'; at++) {
    const token = tokens[at]
    const isHeader = rows.length <= 1
    if (token?.type === 'tr_open') rows.push({ isHeader: rows.length === 0, cells: [] })
    if (token?.type === 'inline') rows.at(-1)?.cells.push({ text: settleToOneLine(textOf(token)), isHeader, columns: 1, rows: 1 })
  }
  const group = {}
  for (const line of renderTableRows(rows)) writer.write('table-row', line, { group })
  return at
}

/** Lone tags and comments have nothing to read, and most HTML in Markdown is that. */
async function writeEmbeddedHtml(markup: string, writer: BlockWriter): Promise<void> {
  if (withoutTags(markup).trim() === '') return
  writeHtmlBlocks(bodyOf(await parseHtml(markup)), writer)
}

function withoutTags(markup: string): string {
  let visible = ''
  let at = 0
  while (at < markup.length) {
    const open = markup.indexOf('<', at)
    if (open === -1) return visible + markup.slice(at)
    visible += markup.slice(at, open)
    const closer = markup.startsWith('<!--', open) ? '-->' : '>'
    const close = markup.indexOf(closer, open)
    if (close === -1) return visible
    at = close + closer.length
  }
  return visible
}

/** Site generators let headings carry their anchor: `Title {#anchor}`. */
function headingText(text: string): string {
  return settleToOneLine(text).replace(/\s?\{#[^{}\s]{1,200}\}$/, '')
}

function textOf(inline: Token): string {
  let text = ''
  for (const { type, content } of inline.children ?? []) {
    if (type === 'text' || type === 'code_inline') text += content
    else if (type === 'softbreak') text += '\n'
    else if (type === 'hardbreak' || (type === 'html_inline' && /^<br\s*\/?>$/i.test(content))) text += HARD_BREAK
    // Pictures, references to footnotes, other tags and the ends of emphasis and links are not read.
  }
  return text
}
