/** Writes of documents: making a version visible, moving it to another scope, removing it. Each is one transaction with what must go with it. */
import type { Chunk, StoredDocument } from '../../contracts/document.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import { canonicalJson } from '../hashing/content-hash.ts'
import { boundedText } from './bounded-text.ts'
import { putBlob } from './blob-repository.ts'
import type { TextSketch } from '../text/text-sketch.ts'
import { putLayout } from './document-layout.ts'
import { putSketch } from './document-sketches.ts'
import { inPieces } from './in-pieces.ts'
import { inTransaction } from './in-transaction.ts'
import { raiseGeneration } from './generations.ts'
import { noteEverywhere } from './index-journal.ts'
import { takeTurn } from './state-dialect.ts'
import type { StateDatabase } from './state-schema.ts'

export interface DocumentWrite {
  readonly document: StoredDocument
  readonly text: string
  readonly changeMark: string
  /** Under which chunker and parsers it was read. */
  readonly definition: string
  readonly chunks: number
  /** How the text was cut; without it, a lost index is filled from the source again instead of from the state. */
  readonly layout?: readonly Chunk[]
  /** Of the text; without it, the next whole run of an ingest makes it. */
  readonly sketch?: TextSketch
}

/** What a document has beside its row; goes with it. */
export const DOCUMENT_TABLES = [
  'document_metadata',
  'document_versions',
  'document_layouts',
  'document_sketches',
  'document_failures',
] as const

/** Versions kept per document, so that citations of earlier answers still open. */
const KEPT_VERSIONS = 3

/**
 * Makes these versions the visible ones, in one transaction. One index already holds their chunks, and a note of it
 * names the documents, so that a kill before the old chunks are removed is mended at the next start. Every other index lacks them.
 * @param written name of the index that holds them
 */
export async function publishDocuments(
  db: StateDatabase,
  tenant: string,
  writes: readonly DocumentWrite[],
  written = '',
): Promise<void> {
  await inTransaction(db, async (transaction) => {
    await takeTurn(transaction, tenant, 'documents')
    for (const write of writes) await publishOne(transaction, tenant, write)
    await noteEverywhere(transaction, tenant, writes.map(({ document }) => document.id), 'missing', written) // prettier-ignore
    await raiseGeneration(transaction, tenant, 'index')
  })
}

async function publishOne(db: StateDatabase, tenant: string, write: DocumentWrite): Promise<void> {
  const { document } = write
  await forgetVersionsOfOtherRights(db, tenant, document)
  const blob = await putBlob(db, tenant, new TextEncoder().encode(write.text))
  const values = {
    source: document.source,
    path: document.path,
    version: document.version,
    blob,
    title: document.title,
    language: document.language,
    media_type: document.mediaType,
    scope: document.scope,
    metadata: JSON.stringify(document.metadata),
    change_mark: write.changeMark,
    definition: write.definition,
    chunks: write.chunks,
    modified_at: document.modifiedAtMs,
    indexed_at: document.indexedAtMs,
  }
  await db
    .insertInto('documents')
    .values({ tenant, id: document.id, ...values })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doUpdateSet(values))
    .execute()
  await db
    .insertInto('document_versions')
    .values({ tenant, document: document.id, version: document.version, blob, stored_at: document.indexedAtMs })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'document', 'version']).doUpdateSet({ blob, stored_at: document.indexedAtMs }),
    )
    .execute()
  await dropOldVersions(db, tenant, document)
  await putLayout(db, tenant, document.id, write.layout)
  await putSketch(db, tenant, document.id, write.sketch)
  await writeMetadata(db, tenant, document)
  await db.deleteFrom('document_failures').where('tenant', '=', tenant).where('document', '=', document.id).execute()
}

/**
 * Earlier versions can be opened by whoever reads the present one, so they stay only while the rights stay:
 * a page that was confidential and is published shortened must not give its past away.
 */
async function forgetVersionsOfOtherRights(db: StateDatabase, tenant: string, next: StoredDocument): Promise<void> {
  const before = await db
    .selectFrom('documents')
    .select(['scope', 'metadata'])
    .where('tenant', '=', tenant)
    .where('id', '=', next.id)
    .executeTakeFirst()
  if (before === undefined) return
  const declared = (JSON.parse(before.metadata) as Record<string, unknown>)['access']
  const same = before.scope === next.scope && canonicalJson(declared) === canonicalJson(next.metadata['access'])
  if (!same) await db.deleteFrom('document_versions').where('tenant', '=', tenant).where('document', '=', next.id).execute()
}

/** A clock that went back must not make the version that is visible the oldest. */
async function dropOldVersions(db: StateDatabase, tenant: string, visible: StoredDocument): Promise<void> {
  const old = await db
    .selectFrom('document_versions')
    .select('version')
    .where('tenant', '=', tenant)
    .where('document', '=', visible.id)
    .where('version', '!=', visible.version)
    .orderBy('stored_at', 'desc')
    .offset(KEPT_VERSIONS - 1)
    .limit(1_000)
    .execute()
  if (old.length === 0) return
  await db
    .deleteFrom('document_versions')
    .where('tenant', '=', tenant)
    .where('document', '=', visible.id)
    .where(
      'version',
      'in',
      old.map((row) => row.version),
    )
    .execute()
}

/** What filters look at. */
export async function writeMetadata(
  db: StateDatabase,
  tenant: string,
  document: Pick<StoredDocument, 'id' | 'metadata'>,
): Promise<void> {
  await db.deleteFrom('document_metadata').where('tenant', '=', tenant).where('document', '=', document.id).execute()
  const rows = Object.entries(document.metadata).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((part) => ['string', 'number', 'boolean'].includes(typeof part))
      .map((part) => ({ tenant, document: document.id, key: boundedText(key), value: boundedText(String(part)) })),
  )
  const distinct = [...new Map(rows.map((row) => [`${row.key}\u0000${row.value}`, row])).values()]
  for (const piece of inPieces(distinct)) await db.insertInto('document_metadata').values(piece).execute()
}

/** From this moment no query returns them; their chunks follow, in every index. Versions, texts and failures go too. */
export async function withdrawDocuments(db: StateDatabase, tenant: string, documents: readonly DocumentId[]): Promise<void> {
  await inTransaction(db, async (transaction) => {
    await takeTurn(transaction, tenant, 'documents')
    await noteEverywhere(transaction, tenant, documents, 'differs')
    for (const document of documents) {
      await transaction.deleteFrom('documents').where('tenant', '=', tenant).where('id', '=', document).execute()
      for (const table of DOCUMENT_TABLES)
        await transaction.deleteFrom(table).where('tenant', '=', tenant).where('document', '=', document).execute()
    }
    await raiseGeneration(transaction, tenant, 'access')
    await raiseGeneration(transaction, tenant, 'index')
  })
}

/** Moves a document to another scope and to what its listing says now; no text, no vector is touched. Run it in the transaction of `putScope`. */
export async function moveDocument(
  db: StateDatabase,
  tenant: string,
  document: DocumentId,
  to: { readonly scope: number; readonly changeMark: string },
): Promise<void> {
  await moveDocuments(db, tenant, [document], to.scope)
  await rememberChangeMark(db, tenant, document, to.changeMark)
}

/** Moves documents to another scope, and nothing else. 50,000 take a second. Run it in the transaction of `putScope`. */
export async function moveDocuments(
  db: StateDatabase,
  tenant: string,
  documents: readonly DocumentId[],
  scope: number,
): Promise<void> {
  await noteEverywhere(db, tenant, documents, 'differs')
  for (const piece of inPieces(documents)) {
    await db.updateTable('documents').set({ scope }).where('tenant', '=', tenant).where('id', 'in', piece).execute()
    await forgetSupersededVersions(db, tenant, { documents: piece })
  }
  await raiseGeneration(db, tenant, 'access')
}

/** What the listing says now of a document whose bytes are the same; equal marks let a later run skip it. */
export async function rememberChangeMark(
  db: StateDatabase,
  tenant: string,
  document: DocumentId,
  changeMark: string,
): Promise<void> {
  await db
    .updateTable('documents')
    .set({ change_mark: changeMark })
    .where('tenant', '=', tenant)
    .where('id', '=', document)
    .execute()
}

/** Drops the versions, other than the visible one, of these documents or of all in a scope: their rights have changed. */
export async function forgetSupersededVersions(
  db: StateDatabase,
  tenant: string,
  of: { readonly documents: readonly DocumentId[] } | { readonly scope: number },
): Promise<void> {
  const versions = db.deleteFrom('document_versions').where('document_versions.tenant', '=', tenant)
  // Named on the versions: one document's must not cost a look at all that there are.
  await ('documents' in of ? versions.where('document_versions.document', 'in', of.documents) : versions)
    .where((version) => {
      const visible = version
        .selectFrom('documents')
        .select('documents.id')
        .where('documents.tenant', '=', tenant)
        .whereRef('documents.id', '=', 'document_versions.document')
        .whereRef('documents.version', '!=', 'document_versions.version')
      return version.exists('scope' in of ? visible.where('documents.scope', '=', of.scope) : visible)
    })
    .execute()
}
