/** What the indices of both levels hold, by document version, as of one moment each. Reads places and scopes, no terms. */
import type { IndexedVersion } from '../../contracts/document-index.ts'
import { IndexInventory } from '../../foundation/storage/index-inventory.ts'
import type { Cluster } from './cluster.ts'

const FIELDS = ['document', 'version', 'scope', 'ordinal', 'start', 'end'] as const
const ROWS_PER_PAGE = 5_000
/** Between two pages. */
const KEEP_ALIVE = '2m'

export async function takeInventory(cluster: Cluster, chunks: string, documents: string): Promise<readonly IndexedVersion[]> {
  const inventory = new IndexInventory()
  for await (const { document, version, scope, ordinal, start, end } of rowsOf(cluster, chunks))
    inventory.addChunk(document, version, scope, [ordinal, start, end])
  for await (const { document, version, scope } of rowsOf(cluster, documents)) inventory.addDocument(document, version, scope)
  return inventory.versions()
}

interface Row {
  readonly document: string
  readonly version: string
  readonly scope: number
  readonly ordinal: number
  readonly start: number
  readonly end: number
}

interface Page {
  readonly _scroll_id: string
  readonly hits: { readonly hits: readonly { readonly fields: Readonly<Record<string, readonly unknown[]>> }[] }
}

/** In the order in which the cluster stores them: any other would have it sort all rows for each page. */
async function* rowsOf(cluster: Cluster, index: string): AsyncGenerator<Row> {
  const body = { size: ROWS_PER_PAGE, sort: ['_doc'], _source: false, docvalue_fields: FIELDS }
  const query = { scroll: KEEP_ALIVE, allow_partial_search_results: false }
  let page = await cluster.ask<Page>({ method: 'POST', path: `/${index}/_search`, query, body, kind: 'read' })
  try {
    while (page.hits.hits.length > 0) {
      for (const { fields } of page.hits.hits) yield toRow(fields)
      const next = { scroll: KEEP_ALIVE, scroll_id: page._scroll_id }
      // Once only: a second request would skip what the first had already fetched.
      page = await cluster.ask<Page>({ method: 'POST', path: '/_search/scroll', body: next, kind: 'once' })
    }
  } finally {
    const end = { scroll_id: [page._scroll_id] }
    // It ends by itself otherwise.
    await cluster.ask({ method: 'DELETE', path: '/_search/scroll', body: end, kind: 'once' }).catch(() => {})
  }
}

function toRow(fields: Readonly<Record<string, readonly unknown[]>>): Row {
  const [document, version, ...numbers] = FIELDS.map((name) => fields[name]?.[0])
  const [scope = -1, ordinal = 0, start = 0, end = 0] = numbers.map(Number)
  return { document: String(document), version: String(version), scope, ordinal, start, end }
}
