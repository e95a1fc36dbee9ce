/** Notices that the index holds less than the state says, as when its folder was removed, and has the documents read again. */
import type { IngestParts } from './ingest-parts.ts'

type LostIndexParts = Pick<IngestParts, 'state' | 'index' | 'tenant' | 'definition'>

/** Rows are written before the state speaks of them and removed after it, so that fewer of them always means a loss. */
export async function isIndexLost({ state, index, tenant, definition }: LostIndexParts): Promise<boolean> {
  const known = await state
    .selectFrom('documents')
    .select([(row) => row.fn.countAll<number>().as('documents'), (row) => row.fn.sum<number | null>('chunks').as('chunks')])
    .where('tenant', '=', tenant)
    .where('definition', '=', definition)
    .executeTakeFirstOrThrow()
  const { records } = await index.stats()
  return records.documents < Number(known.documents) || records.chunks < Number(known.chunks ?? 0)
}

/** From now on no document counts as indexed: each is read at its source's next run. */
export async function forgetIndexed({ state, tenant, definition }: LostIndexParts): Promise<void> {
  await state
    .updateTable('documents')
    .set({ definition: '' })
    .where('tenant', '=', tenant)
    .where('definition', '=', definition)
    .execute()
}
