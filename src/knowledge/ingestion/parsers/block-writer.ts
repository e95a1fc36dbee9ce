/** Builds a document's stored text and its blocks together, so that offsets are exact. Knows nothing of formats. */
import type { BlockKind, ParsedDocument, TextBlock } from '../../../contracts/document.ts'
import type { Place } from '../../../contracts/place.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'

export interface BlockDetails {
  /** 1..6 for headings. */
  readonly level?: number
  readonly place?: Place
  /** List items or rows of one list or table share a group: they stand on adjacent lines. */
  readonly group?: object
}

export interface BlockWriter {
  /** Appends one block; text without anything visible is ignored. @throws TouchstoneError DOCUMENT_TOO_LARGE */
  write(kind: BlockKind, text: string, details?: BlockDetails): void
  readonly blocks: readonly TextBlock[]
  /** The text of the first heading of the highest rank, when it is of level 1. */
  firstTopHeading(): string | undefined
  /** @throws TouchstoneError DOCUMENT_EMPTY when no block was written */
  finish(): Pick<ParsedDocument, 'text' | 'blocks'>
}

/** @param path names the document in errors  @param maxTextLength in UTF-16 code units */
export function createBlockWriter(path: string, maxTextLength: number): BlockWriter {
  const pieces: string[] = []
  const blocks: TextBlock[] = []
  let length = 0
  let lastGroup: object | undefined
  let topHeading: string | undefined

  return {
    blocks,
    write(kind, raw, details = {}) {
      const text = kind === 'code' ? trimBlankLines(raw) : raw.trim()
      if (text.trim() === '') return
      const separator = separatorBefore(length, details.group !== undefined && details.group === lastGroup)
      const start = length + separator.length
      length = start + text.length
      if (length > maxTextLength)
        throw new TouchstoneError('DOCUMENT_TOO_LARGE', { details: { path, limit: maxTextLength, unit: 'characters' } })
      pieces.push(separator, text)
      blocks.push({
        kind,
        start,
        end: length,
        ...(details.level === undefined ? {} : { level: details.level }),
        ...(details.place === undefined ? {} : { place: details.place }),
      })
      lastGroup = details.group
      if (kind === 'heading' && details.level === 1) topHeading ??= text
    },
    firstTopHeading: () => topHeading,
    finish() {
      if (blocks.length === 0) throw new TouchstoneError('DOCUMENT_EMPTY', { details: { path } })
      return { text: pieces.join(''), blocks }
    },
  }
}

function separatorBefore(length: number, sameGroup: boolean): string {
  if (length === 0) return ''
  return sameGroup ? '\n' : '\n\n'
}

/** Code keeps its indentation; only empty lines around it go. */
function trimBlankLines(code: string): string {
  const lines = code.split('\n')
  let first = 0
  let last = lines.length
  while (first < last && lines[first]?.trim() === '') first++
  while (last > first && lines[last - 1]?.trim() === '') last--
  return lines.slice(first, last).join('\n').trimEnd()
}
