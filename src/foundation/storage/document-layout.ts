/** How a document was cut into chunks, kept beside its text: with both, it can be indexed again without its source. */
import type { Chunk } from '../../contracts/document.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import type { Place } from '../../contracts/place.ts'
import type { StateDatabase } from './state-schema.ts'

/** Start, end, start and end of the section, headings, place. Ordinals are the positions. */
type LayoutEntry = readonly [number, number, number, number, readonly string[], Place?]

/** Replaces the layout that the document had; an absent one only removes it. */
export async function putLayout(
  db: StateDatabase,
  tenant: string,
  document: DocumentId,
  chunks: readonly Chunk[] | undefined,
): Promise<void> {
  if (chunks === undefined) {
    await db.deleteFrom('document_layouts').where('tenant', '=', tenant).where('document', '=', document).execute()
    return
  }
  const layout = JSON.stringify(chunks.map(toEntry))
  await db
    .insertInto('document_layouts')
    .values({ tenant, document, layout })
    .onConflict((conflict) => conflict.columns(['tenant', 'document']).doUpdateSet({ layout }))
    .execute()
}

export function parseLayout(layout: string): readonly Chunk[] {
  return (JSON.parse(layout) as readonly LayoutEntry[]).map(toChunk)
}

function toEntry({ start, end, place, section, headingPath }: Chunk): LayoutEntry {
  const entry = [start, end, section.start, section.end, headingPath] as const
  return place === undefined ? entry : [...entry, place]
}

function toChunk([start, end, sectionStart, sectionEnd, headingPath, place]: LayoutEntry, ordinal: number): Chunk {
  const section = { start: sectionStart, end: sectionEnd }
  return { ordinal, start, end, headingPath, section, ...(place === undefined ? {} : { place }) }
}
