/** Groups a document's blocks into sections by their headings. Knows nothing of sizes. */
import type { ParsedDocument, TextBlock } from '../../../contracts/document.ts'
import { isSeparatePart } from '../../document-place.ts'

/** One heading and what stands directly under it, up to the next heading of any level, slide or sheet. */
export interface DocumentSection {
  /** Headings from the outermost to this section's own; without the document's title. */
  readonly headingPath: readonly string[]
  /** Absent before the first heading. */
  readonly heading?: TextBlock
  readonly blocks: readonly TextBlock[]
  /** From the heading to the end of the last block. */
  readonly start: number
  readonly end: number
  /** The next section lies deeper, so that this heading lives on in its path. */
  readonly hasSubsections: boolean
}

interface OpenSection {
  readonly headings: readonly { readonly level: number; readonly text: string }[]
  readonly heading?: TextBlock
  readonly blocks: TextBlock[]
}

export function splitIntoSections(document: ParsedDocument): readonly DocumentSection[] {
  const sections: OpenSection[] = [{ headings: [], blocks: [] }]
  let before: TextBlock | undefined
  for (const block of document.blocks) {
    if (isSeparatePart(before?.place, block.place)) sections.push({ headings: [], blocks: [] })
    before = block
    const current = sections.at(-1)
    if (block.kind !== 'heading') {
      current?.blocks.push(block)
      continue
    }
    const level = block.level ?? 1
    const above = (current?.headings ?? []).filter((heading) => heading.level < level)
    sections.push({
      headings: [...above, { level, text: oneLine(document.text.slice(block.start, block.end)) }],
      heading: block,
      blocks: [],
    })
  }
  const filled = sections.filter((section) => section.heading !== undefined || section.blocks.length > 0)
  return filled.map((section, index) => close(section, filled[index + 1], document.title))
}

function close(section: OpenSection, next: OpenSection | undefined, title: string | undefined): DocumentSection {
  const first = section.heading ?? section.blocks[0]
  const last = section.blocks.at(-1) ?? section.heading
  const isTitle = (heading: { level: number; text: string }): boolean =>
    heading.level === 1 && heading.text === oneLine(title ?? '')
  return {
    headingPath: section.headings.filter((heading) => !isTitle(heading)).map((heading) => heading.text),
    ...(section.heading === undefined ? {} : { heading: section.heading }),
    blocks: section.blocks,
    start: first?.start ?? 0,
    end: last?.end ?? 0,
    hasSubsections: next !== undefined && section.headings.length > 0 && next.headings.length > section.headings.length,
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
