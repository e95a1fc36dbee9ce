/** Index rows of documents, with the direction of each chunk where the index has an embedding. Writes nothing. */
import type { IndexRecord } from '../../contracts/document-index.ts'
import { toInt8Direction } from '../../foundation/statistics/unit-vectors.ts'
import type { IngestParts } from './ingest-parts.ts'
import { toIndexRecords, type IndexableDocument } from './prepare-document.ts'

/** @throws TouchstoneError EMBEDDING_INVALID, ENCODER_*, MODEL_*: no row is worth writing without what its index promises */
export async function toEmbeddedRecords(
  documents: readonly IndexableDocument[],
  parts: Pick<IngestParts, 'analysis' | 'embedding'>,
  signal: AbortSignal,
): Promise<readonly IndexRecord[]> {
  const records = documents.flatMap((document) => toIndexRecords(document, parts))
  if (parts.embedding === undefined) return records
  const texts = new Map(documents.flatMap((document) => chunkTexts(document)))
  const vectors = await parts.embedding.embed([...texts.values()], { kind: 'passage' }, signal)
  const directions = new Map([...texts.keys()].map((row, at) => [row, toInt8Direction(vectors[at] ?? new Float32Array())]))
  return records.map((record) => {
    const vector = directions.get(`${record.version}\n${record.id}`)
    return vector === undefined ? record : { ...record, vector }
  })
}

/** A chunk is read under its names: they are part of what it says, to an encoder too. */
function chunkTexts({ id, version, title, text, chunks }: IndexableDocument): [row: string, text: string][] {
  return chunks.map((chunk) => [
    `${version}\n${id}#${chunk.ordinal}`,
    [title, ...chunk.headingPath, text.slice(chunk.start, chunk.end)].join('\n'),
  ])
}
