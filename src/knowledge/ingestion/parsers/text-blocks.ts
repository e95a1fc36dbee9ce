/** Plain text as paragraphs: between empty lines, wrapped lines joined. Knows lines; knows no encoding and no format. */
import type { BlockKind } from '../../../contracts/document.ts'
import type { BlockWriter } from './block-writer.ts'
import { joinLines } from './inline-text.ts'

/** A line may be this much shorter than the width and still count as full: hyphens and ragged editors. */
const WRAP_SLACK = 4
const WRAP_WIDTHS = { min: 40, max: 130 }
/** Shorter lines are labels, code or verse. */
const MIN_PROSE_WORDS = 8
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
 * line's first word would not have fitted. Where only some are, as in pages that were saved as text, those in the
 * middle of a sentence are joined; the other line breaks mean something and stay.
 */
function unwrap(lines: readonly string[], width: number | undefined): string {
  const filled = lines.filter((line) => line.trim() !== '')
  const followers = filled.slice(1)
  const isFull = (line: string, next: string): boolean => {
    const firstWord = next.trim().split(/\s/, 1)[0] ?? ''
    return width !== undefined && !LIST_MARK.test(next) && line.trim().length + 1 + firstWord.length > width - WRAP_SLACK
  }
  if (followers.every((next, index) => isFull(filled[index] ?? '', next))) return joinLines(filled.map((line) => line.trim()))
  return joinRuns(filled, (line, next) => isMidSentence(line, next) && (isFull(line, next) || goesOn(line, next)))
}

function isMidSentence(line: string, next: string): boolean {
  return /[\p{L},;-]$/u.test(line.trimEnd()) && /^["'“‘(]?\p{L}/u.test(next)
}

/** Many words before, a small letter after: prose, whatever the width. */
function goesOn(line: string, next: string): boolean {
  return /^\p{Ll}/u.test(next) && line.trim().split(/\s+/, MIN_PROSE_WORDS).length === MIN_PROSE_WORDS
}

function joinRuns(lines: readonly string[], belongs: (line: string, next: string) => boolean): string {
  const runs: string[][] = []
  for (const [index, line] of lines.entries()) {
    const previous = lines[index - 1]
    if (previous !== undefined && belongs(previous, line)) runs.at(-1)?.push(line.trim())
    else runs.push([line.trimEnd()])
  }
  return runs.map(joinLines).join('\n')
}
