/** The documents of some scopes, by id. Knows nothing of who asks. */
import type { DocumentSummary } from '../../contracts/document-summary.ts'
import type { DocumentId, DocumentVersion } from '../../contracts/identity.ts'
import type { StateDatabase } from '../storage/state-schema.ts'

/** Rows looked at per statement; scopes are filtered here, since a person may read more scopes than a statement takes. */
const AT_ONCE = 1_000

export async function readableBy(
  db: StateDatabase,
  tenant: string,
  scopes: Int32Array,
  page: { readonly limit: number; readonly after: string },
): Promise<DocumentSummary[]> {
  const readable = new Set(scopes)
  const found: DocumentSummary[] = []
  let after = page.after
  while (found.length < page.limit) {
    const rows = await db
      .selectFrom('documents')
      .select(['id', 'version', 'title', 'path', 'language', 'media_type', 'modified_at', 'scope'])
      .where('tenant', '=', tenant)
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()
    for (const row of rows) if (readable.has(row.scope) && found.length < page.limit) found.push(toReadable(row))
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) break
    after = last.id
  }
  return found
}

function toReadable(row: {
  id: string
  version: string
  title: string
  path: string
  language: string
  media_type: string
  modified_at: number
}): DocumentSummary {
  const { title, path, language } = row
  const identity = { document: row.id as DocumentId, version: row.version as DocumentVersion }
  return { ...identity, title, path, language, mediaType: row.media_type, modifiedAtMs: row.modified_at }
}
