/** Writes a parsed document into the one that holds it. Knows blocks and places; knows nothing of formats. */
import type { ParsedDocument } from '../../../contracts/document.ts'
import type { Place } from '../../../contracts/place.ts'
import type { BlockWriter } from './block-writer.ts'

/** Its headings go one level down, lines that stood together stay together, each block gets the place that `placeOf` makes of its own. */
export function embedDocument(
  { text, blocks }: Pick<ParsedDocument, 'text' | 'blocks'>,
  writer: BlockWriter,
  placeOf: (inner: Place | undefined) => Place,
): void {
  let group = {}
  let end = 0
  for (const block of blocks) {
    if (text.slice(end, block.start) !== '\n') group = {}
    end = block.end
    const level = block.level === undefined ? {} : { level: Math.min(6, block.level + 1) }
    writer.write(block.kind, text.slice(block.start, block.end), { group, place: placeOf(block.place), ...level })
  }
}
