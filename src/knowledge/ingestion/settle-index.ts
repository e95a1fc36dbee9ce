/** Makes the index agree with the state for every document that a note says may disagree: after a kill, a deletion, a move. */
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { clearPending } from '../../foundation/storage/document-writer.ts'
import type { IngestParts } from './ingest-parts.ts'

const AT_ONCE = 5_000

/** Repeating it changes nothing. @returns how many documents were settled */
export async function settleIndex(parts: Pick<IngestParts, 'state' | 'index' | 'tenant' | 'definition'>): Promise<number> {
  let settled = 0
  for (;;) {
    const pending = await parts.state
      .selectFrom('index_pending')
      .leftJoin('documents', (join) =>
        join.onRef('documents.id', '=', 'index_pending.document').onRef('documents.tenant', '=', 'index_pending.tenant'),
      )
      .select(['index_pending.document', 'documents.version', 'documents.scope'])
      .where('index_pending.tenant', '=', parts.tenant)
      .where('index_pending.definition', '=', parts.definition)
      .limit(AT_ONCE)
      .execute()
    if (pending.length === 0) return settled
    await parts.index.deleteDocuments(
      pending.map(({ document, version }) => ({
        id: document as DocumentId,
        ...(version === null ? {} : { keep: version as DocumentVersion }),
      })),
    )
    await moveScopes(parts, pending)
    await clearPending(
      parts.state,
      parts.tenant,
      parts.definition,
      pending.map((row) => row.document),
    )
    settled += pending.length
  }
}

/** Whether some document's rows may disagree with the state. */
export async function isIndexNoted({
  state,
  tenant,
  definition,
}: Pick<IngestParts, 'state' | 'tenant' | 'definition'>): Promise<boolean> {
  const note = await state
    .selectFrom('index_pending')
    .select('document')
    .where('tenant', '=', tenant)
    .where('definition', '=', definition)
    .limit(1)
    .executeTakeFirst()
  return note !== undefined
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
  const rows = await parts.state
    .selectFrom('documents')
    .select(['id as document', 'scope'])
    .where('tenant', '=', parts.tenant)
    .where('id', 'in', documents)
    .execute()
  await moveScopes(parts, rows)
}

async function moveScopes(
  parts: Pick<IngestParts, 'index'>,
  rows: readonly { readonly document: string; readonly scope: number | null }[],
): Promise<void> {
  const byScope = Map.groupBy(
    rows.filter((row) => row.scope !== null),
    (row) => row.scope,
  )
  for (const [scope, moved] of byScope)
    await parts.index.moveScope(
      moved.map((row) => row.document as DocumentId),
      scope as ScopeId,
    )
}
