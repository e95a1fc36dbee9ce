/** The sketch of each document's visible text, by which near-duplicates are found. Knows nothing of what resembles what. */
import type { DocumentId } from '../../contracts/identity.ts'
import { decodeSketch, encodeSketch, sketchText, type TextSketch } from '../text/text-sketch.ts'
import type { StateDatabase } from './state-schema.ts'

/** Replaces the sketch that the document had; an absent one only removes it. */
export async function putSketch(
  db: StateDatabase,
  tenant: string,
  document: DocumentId,
  sketch: TextSketch | undefined,
): Promise<void> {
  if (sketch === undefined) {
    await db.deleteFrom('document_sketches').where('tenant', '=', tenant).where('document', '=', document).execute()
    return
  }
  const row = { sketch: encodeSketch(sketch) }
  await db
    .insertInto('document_sketches')
    .values({ tenant, document, ...row })
    .onConflict((conflict) => conflict.columns(['tenant', 'document']).doUpdateSet(row))
    .execute()
}

const AT_ONCE = 200

/** Sketches of the documents that have none, as those have that an older version of the program stored. Repeating it changes nothing. */
export async function sketchStoredTexts(db: StateDatabase, tenant: string): Promise<void> {
  const decoder = new TextDecoder()
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('documents')
      .innerJoin('blobs', (join) =>
        join.onRef('blobs.tenant', '=', 'documents.tenant').onRef('blobs.hash', '=', 'documents.blob'),
      )
      .leftJoin('document_sketches', (join) =>
        join.onRef('document_sketches.tenant', '=', 'documents.tenant').onRef('document_sketches.document', '=', 'documents.id'),
      )
      .select(['documents.id', 'blobs.bytes'])
      .where('documents.tenant', '=', tenant)
      .where('documents.id', '>', after)
      .where('document_sketches.document', 'is', null)
      .orderBy('documents.id')
      .limit(AT_ONCE)
      .execute()
    for (const { id, bytes } of rows) await putSketch(db, tenant, id as DocumentId, sketchText(decoder.decode(bytes)))
    if (rows.length < AT_ONCE) return
    after = rows.at(-1)?.id ?? ''
  }
}

/** By document. */
export async function readSketches(db: StateDatabase, tenant: string): Promise<ReadonlyMap<string, TextSketch>> {
  const rows = await db.selectFrom('document_sketches').select(['document', 'sketch']).where('tenant', '=', tenant).execute()
  return new Map(rows.map(({ document, sketch }) => [document, decodeSketch(sketch)]))
}
