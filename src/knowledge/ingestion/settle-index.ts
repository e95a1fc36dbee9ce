/**
 * Makes an index agree with the state for every document that a note says may disagree: after a kill, a deletion, a move, and in
 * every index that does not serve after each change.
 */
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { clearNotes, countNotes, readNotes, type IndexNote } from '../../foundation/storage/index-journal.ts'
import type { IngestParts } from './ingest-parts.ts'
import { makeStoredRows, type StoredRowsParts } from './stored-rows.ts'

export type SettleParts = StoredRowsParts & Pick<IngestParts, 'definition' | 'lacksEmbedding'>

export interface SettleRun {
  /** Called with how many documents were settled so far. */
  readonly onProgress?: (settled: number) => void
  readonly signal?: AbortSignal
}

export interface Settled {
  /** Documents whose rows were compared with the state. */
  readonly documents: number
  /** Documents that the state cannot give to the index: each is read at its source's next run. */
  readonly unreadable: number
}

const AT_ONCE = 5_000
/** Their texts are held at once. */
const TEXTS_AT_ONCE = 500

/**
 * One at a time for an index; changes may come meanwhile, each is settled too. Removals first: nobody waits for them behind texts.
 * Repeating it changes nothing. @throws TouchstoneError INDEX_*, DISK_FULL, EMBEDDING_*, ENCODER_*, MODEL_*
 */
export async function settleIndex(parts: SettleParts, run: SettleRun = {}): Promise<Settled> {
  const { signal = new AbortController().signal } = run
  let [documents, unreadable] = [0, 0]
  for (;;) {
    signal.throwIfAborted()
    const differing = await readNotes(parts.state, parts.tenant, parts.definition, { limit: AT_ONCE, missing: false })
    if (differing.length > 0) await removeDifferences(parts, differing)
    const missing =
      parts.lacksEmbedding === true
        ? []
        : await readNotes(parts.state, parts.tenant, parts.definition, { limit: TEXTS_AT_ONCE, missing: true })
    if (missing.length > 0) unreadable += (await makeStoredRows(missing.map(documentOf), parts, signal)).length
    if (differing.length + missing.length === 0) return { documents, unreadable }
    await clearNotes(parts.state, parts.tenant, parts.definition, [...differing, ...missing])
    documents += differing.length + missing.length
    run.onProgress?.(documents)
  }
}

async function removeDifferences(parts: SettleParts, notes: readonly IndexNote[]): Promise<void> {
  const rows = await visibleVersions(parts, notes.map(documentOf))
  const known = new Map(rows.map((row) => [row.document, row.version as DocumentVersion]))
  await parts.index.deleteDocuments(
    notes.map(documentOf).map((id) => {
      const keep = known.get(id)
      return keep === undefined ? { id } : { id, keep }
    }),
  )
  await moveScopes(parts, rows)
}

function documentOf({ document }: IndexNote): DocumentId {
  return document as DocumentId
}

/** Whether some document's rows may disagree with the state. */
export async function isIndexNoted({
  state,
  tenant,
  definition,
}: Pick<IngestParts, 'state' | 'tenant' | 'definition'>): Promise<boolean> {
  return (await countNotes(state, tenant, definition)) > 0
}

/**
 * Brings the rows of these documents to the scopes that the state says, so that who may read them now finds them now.
 * Needs no lease: it only repeats what the state says, and the notes stay for the run that settles everything.
 */
export async function moveNotedScopes(
  parts: Pick<IngestParts, 'state' | 'index' | 'tenant'>,
  documents: readonly DocumentId[],
): Promise<void> {
  if (documents.length === 0) return
  await moveScopes(parts, await visibleVersions(parts, documents))
}

async function visibleVersions(
  { state, tenant }: Pick<IngestParts, 'state' | 'tenant'>,
  documents: readonly DocumentId[],
): Promise<{ readonly document: string; readonly version: string; readonly scope: number }[]> {
  return state
    .selectFrom('documents')
    .select(['id as document', 'version', 'scope'])
    .where('tenant', '=', tenant)
    .where('id', 'in', documents)
    .execute()
}

async function moveScopes(
  parts: Pick<IngestParts, 'index'>,
  rows: readonly { readonly document: string; readonly scope: number }[],
): Promise<void> {
  const byScope = Map.groupBy(rows, (row) => row.scope)
  for (const [scope, moved] of byScope)
    await parts.index.moveScope(
      moved.map((row) => row.document as DocumentId),
      scope as ScopeId,
    )
}
