/** What both tables hold, by document version. Reads places and scopes, no terms. */
import type { IndexedVersion } from '../../contracts/document-index.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import type { PinnedReader } from './pinned-reader.ts'

const COLUMNS = ['document', 'version', 'scope_id', 'ordinal', 'start', 'end']

interface Holding {
  readonly scopes: Set<ScopeId>
  readonly chunks: [number, number, number][]
  whole: boolean
}

export async function takeInventory(chunks: PinnedReader, documents: PinnedReader): Promise<readonly IndexedVersion[]> {
  const held = new Map<string, Map<string, Holding>>()
  for await (const [document, version, scope, ...place] of rowsOf(chunks))
    holding(held, document, version, scope).chunks.push(place)
  for await (const [document, version, scope] of rowsOf(documents)) holding(held, document, version, scope).whole = true
  return [...held].flatMap(([document, versions]) =>
    [...versions].map(([version, { scopes, chunks: places, whole }]) => ({
      document: document as DocumentId,
      version: version as DocumentVersion,
      scopes: [...scopes],
      chunks: places.sort((left, right) => left[0] - right[0]),
      whole,
    })),
  )
}

function holding(held: Map<string, Map<string, Holding>>, document: string, version: string, scope: number): Holding {
  const versions = held.get(document) ?? new Map<string, Holding>()
  held.set(document, versions)
  const found = versions.get(version) ?? { scopes: new Set<ScopeId>(), chunks: [], whole: false }
  versions.set(version, found)
  found.scopes.add(scope as ScopeId)
  return found
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
