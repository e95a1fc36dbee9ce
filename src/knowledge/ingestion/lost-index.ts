/** Notices that the index holds less than the state says, as when its folder was removed. Knows counts only; repair-index.ts compares. */
import type { IngestParts } from './ingest-parts.ts'

type LostIndexParts = Pick<IngestParts, 'state' | 'index' | 'tenant' | 'definition'>

/** Rows are written before the state speaks of them, or noted as missing, and removed after it, so that fewer always means a loss. */
export async function isIndexLost({ state, index, tenant, definition }: LostIndexParts): Promise<boolean> {
  const known = await state
    .selectFrom('documents')
    .select([(row) => row.fn.countAll<number>().as('documents'), (row) => row.fn.sum<number | null>('chunks').as('chunks')])
    .where('tenant', '=', tenant)
    .where('definition', '!=', '')
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('index_pending')
            .select('document')
            .whereRef('index_pending.tenant', '=', 'documents.tenant')
            .whereRef('index_pending.document', '=', 'documents.id')
            .where('index_pending.definition', '=', definition)
            .where('missing', '=', 1),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  const { records } = await index.stats()
  return records.documents < Number(known.documents) || records.chunks < Number(known.chunks ?? 0)
}
