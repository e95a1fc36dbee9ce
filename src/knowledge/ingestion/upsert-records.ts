/** Rows written to an index, both levels of it. Knows which row is of which level; knows nothing of how rows are made. */
import type { DocumentIndex, IndexRecord } from '../../contracts/document-index.ts'

/** Chunks per write: large enough that the index's per-write cost vanishes, small enough that memory stays flat. */
export const CHUNKS_PER_WRITE = 3_000

/** @throws TouchstoneError INDEX_*, DISK_FULL */
export async function upsertRecords(index: DocumentIndex, records: readonly IndexRecord[]): Promise<void> {
  const { chunks = [], documents = [] } = Object.groupBy(records, ({ ordinal }) => (ordinal >= 0 ? 'chunks' : 'documents'))
  await index.upsert('chunks', chunks)
  await index.upsert('documents', documents)
}
