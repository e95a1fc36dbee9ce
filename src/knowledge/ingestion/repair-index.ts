/**
 * Makes an index agree with the state, document by document, from the texts that the state keeps: after a loss, damage or a restore.
 * Asks no source. Knows nothing of how the two came to disagree.
 */
import type { IndexedVersion } from '../../contracts/document-index.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import { parseLayout } from '../../foundation/storage/document-layout.ts'
import { noteDocuments } from '../../foundation/storage/index-journal.ts'
import { settleIndex, type SettleParts } from './settle-index.ts'

export interface RepairReport {
  /** Documents whose rows were missing, damaged or half there, and were made again. */
  readonly rebuilt: number
  /** Documents of which the index held something that the state does not confirm. */
  readonly settled: number
  /** Documents that an older version of the program stored: they are read from their sources at the next ingest. */
  readonly unreadable: number
}

/** What must be done, by document. */
export interface IndexDifference {
  readonly missing: readonly DocumentId[]
  readonly disagreeing: readonly DocumentId[]
}

const AT_ONCE = 500

/** One at a time for an index. Repeating it changes nothing; after a kill it goes on. @throws TouchstoneError INDEX_*, DISK_FULL */
export async function repairIndex(
  parts: SettleParts,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<RepairReport> {
  const { state, tenant, definition } = parts
  const { missing, disagreeing } = await compareIndex(parts)
  await state.transaction().execute(async (transaction) => {
    await noteDocuments(transaction, tenant, definition, missing, 'missing')
    await noteDocuments(transaction, tenant, definition, disagreeing, 'differs')
  })
  const total = missing.length
  onProgress(0, total)
  const { unreadable } = await settleIndex(parts, { onProgress: (done) => onProgress(Math.min(done, total), total), signal })
  if (total > 0) await parts.index.optimise()
  return { rebuilt: total - unreadable, settled: disagreeing.length, unreadable }
}

/** Reads only. Terms are not compared: damage in them moves ranks, and shows nothing that may not be seen. */
export async function compareIndex({
  state,
  index,
  tenant,
}: Pick<SettleParts, 'state' | 'index' | 'tenant'>): Promise<IndexDifference> {
  const held = Map.groupBy(await index.inventory(), ({ document }) => document)
  const missing: DocumentId[] = []
  const disagreeing: DocumentId[] = []
  for (let after = ''; ;) {
    const rows = await state
      .selectFrom('documents')
      .leftJoin('document_layouts', (join) =>
        join.onRef('document_layouts.tenant', '=', 'documents.tenant').onRef('document_layouts.document', '=', 'documents.id'),
      )
      .select(['documents.id', 'version', 'scope', 'chunks', 'definition', 'layout'])
      .where('documents.tenant', '=', tenant)
      .where('documents.id', '>', after)
      .orderBy('documents.id')
      .limit(AT_ONCE)
      .execute()
    for (const row of rows) {
      const id = row.id as DocumentId
      const versions = held.get(id) ?? []
      held.delete(id)
      // It waits for its source: the state cannot give its rows.
      if (row.definition === '') continue
      const visible = versions.find(({ version }) => version === row.version)
      if (visible === undefined || !isWhole(visible, row.chunks, row.layout)) missing.push(id)
      else if (versions.length > 1 || visible.scopes.some((scope) => scope !== row.scope)) disagreeing.push(id)
    }
    if (rows.length < AT_ONCE) break
    after = rows.at(-1)?.id ?? ''
  }
  return { missing, disagreeing: [...disagreeing, ...held.keys()] }
}

function isWhole(held: IndexedVersion, count: number, layout: string | null): boolean {
  if (!held.whole || held.chunks.length !== count) return false
  if (layout === null) return true
  const wanted = parseLayout(layout).map(({ ordinal, start, end }) => [ordinal, start, end].join())
  return wanted.join(' ') === held.chunks.map((place) => place.join()).join(' ')
}
