/** From placed pieces of text to paragraphs, headings, list items and table rows, page by page. Knows geometry; knows nothing of PDF. */
import { joinLines } from './inline-text.ts'
import { joinPdfLine } from './pdf-line.ts'
import { renderPdfTable } from './pdf-table.ts'

/** A piece of text on a page; y grows upwards, all in points. */
export interface PdfItem {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  /** Type size. */
  readonly size: number
  readonly endsLine: boolean
  /** Set across the page's reading direction, like a stamp in the margin. */
  readonly isTurned: boolean
}

export interface PdfBlock {
  readonly kind: 'heading' | 'paragraph' | 'list-item' | 'table-row'
  readonly text: string
  /** 1-based. */
  readonly page: number
  readonly level?: number
}

interface Line {
  readonly text: string
  /** The text between wide gaps. */
  readonly cells: readonly string[]
  readonly x: number
  readonly y: number
  readonly size: number
  readonly isTurned: boolean
}

/** Type this much larger than the body's is a heading. */
const HEADING_RATIO = 1.08
const MAX_HEADING_LENGTH = 150
const MAX_HEADING_LEVELS = 4
/** Lines further apart than this many type sizes are different paragraphs. */
const PARAGRAPH_GAP = 1.65
const MIN_TABLE_CELLS = 3
/** Rows further apart than this many type sizes are not of one table. */
const ROW_GAP = 4
/** Symbol fonts have their bullets in the private area. */
const BULLET = /^\s*[•●▪◦‣⁃∙·○■□➢✓\uf0b7\uf0a7\uf076\uf0d8\uf0fc\uf06e]\s*/u
const DASH_OR_NUMBER = /^\s*(?:[-–*]|\d{1,2}[.)]|\(?[a-z]\))\s+\S/u

/** @param pages the items of each page in the order of the file */
export function layOutPages(pages: readonly (readonly PdfItem[])[]): readonly PdfBlock[] {
  const lines = withoutRunningLines(pages.map(joinItems))
  const levels = headingLevels(lines.flat())
  return lines.flatMap((page, index) => layOutPage(page, index + 1, levels))
}

function joinItems(items: readonly PdfItem[]): readonly Line[] {
  const lines: Line[] = []
  let open: PdfItem[] = []
  const close = (): void => {
    const line = toLine(open)
    if (line.text !== '') lines.push(line)
    open = []
  }
  for (const item of items) {
    const previous = open.at(-1)
    if (previous !== undefined && startsNewLine(previous, item)) close()
    if (item.text !== '' || item.endsLine) open.push(item)
    if (item.endsLine) close()
  }
  close()
  return lines
}

function startsNewLine(previous: PdfItem, item: PdfItem): boolean {
  if (item.text === '' || previous.text === '') return false
  const size = Math.max(previous.size, item.size, 1)
  const step = Math.abs(item.y - previous.y)
  // Small type under large is nearer to it than its size says, but it begins further left.
  const goesBack = item.x < previous.x + previous.width - size * 0.5
  return step > size * 0.6 || (goesBack && step > size * 0.3)
}

function toLine(items: readonly PdfItem[]): Line {
  const placed = items.filter((item) => item.text.trim() !== '')
  const cells = joinPdfLine(items)
  return {
    text: cells.join(' '),
    cells,
    x: placed[0]?.x ?? 0,
    y: placed[0]?.y ?? 0,
    size: usualSize(placed),
    isTurned: placed[0]?.isTurned ?? false,
  }
}

/** Of most characters: a large initial or a bold lead-in makes no heading. To half a point. */
function usualSize(items: readonly PdfItem[]): number {
  const characters = new Map<number, number>()
  for (const { size, text } of items) {
    const rounded = Math.round(size * 2) / 2
    characters.set(rounded, (characters.get(rounded) ?? 0) + text.length)
  }
  return [...characters].sort((left, right) => right[1] - left[1] || right[0] - left[0])[0]?.[0] ?? 0
}

/** Headers, footers and page numbers: the same first or last line, numbers aside, on most of at least three pages. */
function withoutRunningLines(pages: readonly (readonly Line[])[]): readonly (readonly Line[])[] {
  if (pages.length < 3) return pages
  const counts = new Map<string, number>()
  for (const page of pages)
    for (const key of new Set(edgeLines(page).map(runningKey))) counts.set(key, (counts.get(key) ?? 0) + 1)
  const isRunning = (line: Line): boolean => (counts.get(runningKey(line)) ?? 0) > pages.length * 0.6
  return pages.map((page) => {
    const edges = new Set(edgeLines(page))
    return page.filter((line) => !(edges.has(line) && isRunning(line)))
  })
}

function edgeLines(page: readonly Line[]): readonly Line[] {
  return [...page.slice(0, 2), ...page.slice(-2)]
}

function runningKey(line: Line): string {
  return `${line.text.replace(/\p{N}+/gu, '#')}@${Math.round(line.y / 4)}`
}

/** The body's size is that of most characters; each larger size of short lines is a level, the largest is 1. */
function headingLevels(lines: readonly Line[]): ReadonlyMap<number, number> {
  const characters = new Map<number, number>()
  for (const line of lines) if (!line.isTurned) characters.set(line.size, (characters.get(line.size) ?? 0) + line.text.length)
  const [body = 0] = [...characters].sort((left, right) => right[1] - left[1])[0] ?? []
  const larger = [...characters.keys()].filter((size) => size >= body * HEADING_RATIO).sort((left, right) => right - left)
  return new Map(larger.map((size, index) => [size, Math.min(index + 1, MAX_HEADING_LEVELS)]))
}

function layOutPage(lines: readonly Line[], page: number, levels: ReadonlyMap<number, number>): readonly PdfBlock[] {
  const blocks: PdfBlock[] = []
  let open: Line[] = []
  const close = (): void => {
    if (open.length > 0) blocks.push(toBlock(open, page, levels))
    open = []
  }
  for (let index = 0; index < lines.length; index++) {
    const rows = tableAt(lines, index)
    if (rows.length > 0) {
      close()
      for (const text of renderPdfTable(rows.map((line) => line.cells))) blocks.push({ kind: 'table-row', text, page })
      index += rows.length - 1
      continue
    }
    const line = lines[index]
    if (line === undefined) break
    const previous = open.at(-1)
    if (previous !== undefined && startsParagraph(previous, line)) close()
    open.push(line)
  }
  close()
  return blocks
}

/** At least two lines of at least three cells, one below the other. */
function tableAt(lines: readonly Line[], start: number): readonly Line[] {
  let end = start
  while (end < lines.length) {
    const [line, previous] = [lines[end], end === start ? undefined : lines[end - 1]]
    if (line === undefined || line.cells.length < MIN_TABLE_CELLS || line.isTurned) break
    const gap = previous === undefined ? 0 : previous.y - line.y
    if (gap < 0 || gap > line.size * ROW_GAP) break
    end++
  }
  return end - start < 2 ? [] : lines.slice(start, end)
}

function startsParagraph(previous: Line, line: Line): boolean {
  if (BULLET.test(line.text) || DASH_OR_NUMBER.test(line.text)) return true
  if (line.isTurned !== previous.isTurned || Math.abs(line.size - previous.size) > Math.max(1, previous.size * 0.1)) return true
  const gap = previous.y - line.y
  // Upwards: the next column.
  return gap < -previous.size || gap > Math.max(previous.size, line.size) * PARAGRAPH_GAP
}

function toBlock(lines: readonly Line[], page: number, levels: ReadonlyMap<number, number>): PdfBlock {
  const text = joinLines(lines.map((line) => line.text))
  const level = lines.some((line) => line.isTurned) ? undefined : levels.get(lines[0]?.size ?? 0)
  if (BULLET.test(text) && text.replace(BULLET, '') !== '') return { kind: 'list-item', text: text.replace(BULLET, ''), page }
  if (level !== undefined && text.length <= MAX_HEADING_LENGTH && /\p{L}/u.test(text))
    return { kind: 'heading', text, page, level }
  return { kind: 'paragraph', text, page }
}
