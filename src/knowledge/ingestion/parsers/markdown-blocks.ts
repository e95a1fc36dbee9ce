/** Walks a Markdown syntax tree and writes its blocks. Knows mdast; knows nothing of front matter or files. */
import type { List, ListItem, Nodes, PhrasingContent, RootContent, Table } from 'mdast'
import type { BlockKind } from '../../../contracts/document.ts'
import type { BlockWriter } from './block-writer.ts'
import { writeHtmlBlocks } from './html-blocks.ts'
import { bodyOf, parseHtml } from './html-node.ts'
import { HARD_BREAK, settleToOneLine, settleWhiteSpace } from './inline-text.ts'
import { renderTableRows } from './table-rows.ts'

/** What a paragraph found here would be. */
interface Place {
  readonly kind: BlockKind
  readonly group?: object
  /** `1. ` before the first paragraph of an ordered list's item. */
  readonly marker?: string
}

export async function writeMarkdownBlocks(nodes: readonly RootContent[], writer: BlockWriter): Promise<void> {
  for (const node of nodes) await writeNode(node, { kind: 'paragraph' }, writer)
}

async function writeNode(node: RootContent | ListItem, place: Place, writer: BlockWriter): Promise<void> {
  switch (node.type) {
    case 'heading':
      return writer.write('heading', headingText(node.children), { level: node.depth })
    case 'paragraph':
      return writer.write(place.kind, (place.marker ?? '') + settleWhiteSpace(inlineText(node.children)), groupOf(place))
    case 'code':
      return writer.write('code', node.value)
    case 'blockquote':
      for (const child of node.children) await writeNode(child, place.kind === 'paragraph' ? { kind: 'quote' } : place, writer)
      return
    case 'list':
      return writeList(node, place, writer)
    case 'table':
      return writeTable(node, writer)
    case 'html':
      return writeEmbeddedHtml(node.value, writer)
    case 'footnoteDefinition':
      for (const child of node.children) await writeNode(child, place, writer)
      return
    default:
    // Definitions, rules and front matter are not read.
  }
}

function groupOf(place: Place): { group: object } | undefined {
  return place.kind === 'list-item' && place.group !== undefined ? { group: place.group } : undefined
}

async function writeList(list: List, place: Place, writer: BlockWriter): Promise<void> {
  const group = place.group ?? {}
  let number = list.start ?? 1
  for (const item of list.children) {
    const marker = list.ordered === true ? `${number}. ` : ''
    let isFirst = true
    for (const child of item.children) {
      const isItsText = isFirst && child.type === 'paragraph'
      // What follows the item's own text is read as what it is; nested lists stay in the outer list's group.
      const inner: Place = isItsText
        ? { kind: 'list-item', group, marker }
        : { kind: 'paragraph', ...(child.type === 'list' ? { group } : {}) }
      await writeNode(child, inner, writer)
      isFirst = false
    }
    number++
  }
}

function writeTable(table: Table, writer: BlockWriter): void {
  const rows = table.children.map((row, index) => ({
    isHeader: index === 0,
    cells: row.children.map((cell) => ({
      text: settleToOneLine(inlineText(cell.children)),
      isHeader: index === 0,
      columns: 1,
      rows: 1,
    })),
  }))
  const group = {}
  for (const line of renderTableRows(rows)) writer.write('table-row', line, { group })
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
function headingText(children: readonly PhrasingContent[]): string {
  return settleToOneLine(inlineText(children)).replace(/\s?\{#[^{}\s]{1,200}\}$/, '')
}

function inlineText(nodes: readonly Nodes[]): string {
  return nodes.map(textOfInline).join('')
}

function textOfInline(node: Nodes): string {
  switch (node.type) {
    case 'text':
    case 'inlineCode':
      return node.value
    case 'break':
      return HARD_BREAK
    case 'html':
      return /^<br\s*\/?>$/i.test(node.value) ? HARD_BREAK : ''
    case 'image':
    case 'imageReference':
    case 'footnoteReference':
      return ''
    default:
      return 'children' in node ? inlineText(node.children) : ''
  }
}
