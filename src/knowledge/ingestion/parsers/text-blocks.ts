/** Plain text as paragraphs: between empty lines, wrapped lines joined. Knows lines; knows no encoding and no format. */
import type { BlockKind } from '../../../contracts/document.ts'
import type { BlockWriter } from './block-writer.ts'
import { joinLines } from './inline-text.ts'

/** A line may be this much shorter than the width and still count as full: hyphens and ragged editors. */
const WRAP_SLACK = 4
const WRAP_WIDTHS = { min: 40, max: 130 }
const LIST_MARK = /^\s*(?:[-*+•–]|\d{1,3}[.)])\s/

/** @param kind what the paragraphs are: `paragraph`, or `quote` in a reply */
export function writeTextBlocks(text: string, kind: BlockKind, writer: BlockWriter): void {
  const width = wrapWidth(text)
  for (const group of text.split(/\n[^\S\n]*(?:\n[^\S\n]*)+/)) writer.write(kind, unwrap(group.split('\n'), width))
}

/** @returns the column at which the text was wrapped, judged by its long lines, or nothing when it was not */
function wrapWidth(decoded: string): number | undefined {
  const lengths = decoded
    .split('\n')
    .map((line) => line.trimEnd().length)
    .filter((length) => length > 0)
    .sort((left, right) => left - right)
  const width = lengths[Math.floor(lengths.length * 0.9)] ?? 0
  return width >= WRAP_WIDTHS.min && width <= WRAP_WIDTHS.max ? width : undefined
}

/**
 * Joins the lines of a paragraph that an editor wrapped: every line but the last is so long that the next
 * line's first word would not have fitted. Otherwise the line breaks mean something and stay.
 */
function unwrap(lines: readonly string[], width: number | undefined): string {
  const trimmed = lines.map((line) => line.trim()).filter((line) => line !== '')
  if (width === undefined || trimmed.length < 2) return lines.map((line) => line.trimEnd()).join('\n')
  const isWrapped = trimmed.every((line, index) => {
    const next = trimmed[index + 1]
    if (next === undefined) return true
    const firstWord = next.split(/\s/, 1)[0] ?? ''
    return !LIST_MARK.test(next) && line.length + 1 + firstWord.length > width - WRAP_SLACK
  })
  return isWrapped ? joinLines(trimmed) : lines.map((line) => line.trimEnd()).join('\n')
}
