/** What both tables hold, by document version. Reads places and scopes, no terms. */
import type { IndexedVersion } from '../../contracts/document-index.ts'
import { IndexInventory } from '../../foundation/storage/index-inventory.ts'
import type { PinnedReader } from './pinned-reader.ts'

const COLUMNS = ['document', 'version', 'scope_id', 'ordinal', 'start', 'end']

export async function takeInventory(chunks: PinnedReader, documents: PinnedReader): Promise<readonly IndexedVersion[]> {
  const inventory = new IndexInventory()
  for await (const [document, version, scope, ...place] of rowsOf(chunks)) inventory.addChunk(document, version, scope, place)
  for await (const [document, version, scope] of rowsOf(documents)) inventory.addDocument(document, version, scope)
  return inventory.versions()
}

type Row = [string, string, number, number, number, number]

/** Batch by batch: a large index must not be in memory at once as rows. */
async function* rowsOf({ table }: PinnedReader): AsyncGenerator<Row> {
  for await (const batch of table.query().select(COLUMNS)) {
    const columns = COLUMNS.map((name) => batch.getChild(name))
    for (let row = 0; row < batch.numRows; row++) {
      const [document, version, ...numbers] = columns.map((column) => column?.get(row) as unknown)
      yield [String(document), String(version), ...numbers.map(Number)] as Row
    }
  }
}
