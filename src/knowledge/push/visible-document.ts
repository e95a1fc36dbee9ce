/** What searches find of a document while another version of it is pushed: it follows the new permissions at once, or is withheld. */
import type { DocumentId } from '../../contracts/identity.ts'
import { putScope } from '../../foundation/access/scope-repository.ts'
import { moveDocument, writeMetadata } from '../../foundation/storage/document-writer.ts'
import { raiseGeneration } from '../../foundation/storage/generations.ts'
import { type PushedRow, toSourceItem } from '../../foundation/storage/pushed-repository.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { WITHHELD_MARK, withholdDocument } from '../ingestion/apply-permissions.ts'
import type { IngestParts } from '../ingestion/ingest-parts.ts'
import { accessChain, ownDeclaration } from '../ingestion/source-plan.ts'

export interface VisibleDocument {
  readonly changeMark: string
  readonly scope: number
  readonly metadata: Readonly<Record<string, unknown>>
}

export async function visibleDocument(
  state: StateDatabase,
  tenant: string,
  document: DocumentId,
): Promise<VisibleDocument | undefined> {
  const row = await state
    .selectFrom('documents')
    .select(['change_mark', 'scope', 'metadata'])
    .where('tenant', '=', tenant)
    .where('id', '=', document)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return { changeMark: row.change_mark, scope: row.scope, metadata: JSON.parse(row.metadata) as Record<string, unknown> }
}

/** Run it inside the transaction that keeps the row. @returns whether rows of the index must move to another scope */
export async function followVisible(
  row: PushedRow,
  visible: VisibleDocument,
  parts: Pick<IngestParts, 'state' | 'tenant'>,
): Promise<boolean> {
  const { state, tenant } = parts
  const document = row.id as DocumentId
  if (visible.changeMark === WITHHELD_MARK) return false
  const isCurrent = visible.changeMark === row.content_mark
  const chain = accessChain(toSourceItem(row), ownDeclaration(row.path, visible.metadata))
  const { scope } = await putScope(state, tenant, row.source, chain)
  if (isCurrent) await followMetadata(row, visible, parts)
  if (scope === visible.scope) return false
  // Old text must not be read under new rights: nobody reads it until the new text is there.
  if (isCurrent) await moveDocument(state, tenant, document, { scope, changeMark: row.content_mark })
  else await withholdDocument(document, row.source, parts)
  return isCurrent
}

async function followMetadata(
  row: PushedRow,
  visible: VisibleDocument,
  { state, tenant }: Pick<IngestParts, 'state' | 'tenant'>,
): Promise<void> {
  const found = row.found_metadata === null ? {} : (JSON.parse(row.found_metadata) as Record<string, unknown>)
  const metadata = { ...found, ...(JSON.parse(row.metadata) as Record<string, unknown>) }
  const text = JSON.stringify(metadata)
  if (text === JSON.stringify(visible.metadata)) return
  const id = row.id as DocumentId
  await state.updateTable('documents').set({ metadata: text }).where('tenant', '=', tenant).where('id', '=', id).execute()
  await writeMetadata(state, tenant, { id, metadata })
  await raiseGeneration(state, tenant, 'index')
}
