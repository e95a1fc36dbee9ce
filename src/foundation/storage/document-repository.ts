/** Documents, their versions and texts as the state keeps them. Knows nothing of permissions beyond the scope's number. */
import { inPieces } from './in-pieces.ts'
import type { DocumentReader, DocumentWithText, ReadableValues } from '../../contracts/document-store.ts'
import type { StoredDocument } from '../../contracts/document.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import type { MetadataFilter } from '../../contracts/retrieval.ts'
import { boundedText } from './bounded-text.ts'
import { parsePathPattern } from './path-pattern.ts'
import { readGenerations } from './generations.ts'
import type { StateDatabase, StateSchema } from './state-schema.ts'

type DocumentRow = Omit<StateSchema['documents'], 'tenant'>

/** Texts by blob hash, newest last: content never changes under its hash, so nothing can go stale. */
const CACHED_TEXT_LENGTH = 8_000_000

export function createDocumentReader(db: StateDatabase): DocumentReader {
  const texts = createTextCache(db)
  const census = createCensus(db)
  const inScopes = rememberSummaries()
  return {
    load: async (tenant, documents) => {
      const loaded = new Map<DocumentId, DocumentWithText>()
      const rows = await documentRows(db, tenant, documents)
      await texts.warm(tenant, [...new Set(rows.map((row) => row.blob))])
      for (const row of rows) {
        const text = await texts.read(tenant, row.blob)
        if (text !== undefined) loaded.set(row.id as DocumentId, { document: toStoredDocument(row), text })
      }
      return loaded
    },
    versionText: async (tenant, document, version) => {
      const row = await db
        .selectFrom('document_versions')
        .select('blob')
        .where('tenant', '=', tenant)
        .where('document', '=', document)
        .where('version', '=', version)
        .executeTakeFirst()
      return row === undefined ? undefined : texts.read(tenant, row.blob)
    },
    matching: (tenant, filter, scopes) => matchingDocuments(db, tenant, filter, scopes),
    languages: async (tenant) => (await census(tenant)).languages,
    readableValues: async (tenant, scopes) => {
      const { sources, languages } = inScopes(await census(tenant), scopes)
      return { sources, languages }
    },
    countReadable: async (tenant, scopes) => {
      const { documents, sources } = inScopes(await census(tenant), scopes)
      return { documents, sources }
    },
  }
}

/** What the tenant's documents are, by scope, source and language. */
interface Census {
  readonly languages: readonly string[]
  readonly places: readonly {
    readonly scope: number
    readonly source: string
    readonly language: string
    readonly count: number
  }[]
}

/** Counted again only when content or access has changed. Who asks in the same moment shares one look at what has. */
function createCensus(db: StateDatabase): (tenant: string) => Promise<Census> {
  const known = new Map<string, { readonly mark: string; readonly census: Census }>()
  const looking = new Map<string, Promise<Census>>()
  const look = async (tenant: string): Promise<Census> => {
    const mark = await readGenerations(db, tenant)
    const before = known.get(tenant)
    if (before !== undefined && before.mark === mark) return before.census
    const census = await takeCensus(db, tenant)
    known.set(tenant, { mark, census })
    return census
  }
  return (tenant) => {
    const found = looking.get(tenant)
    if (found !== undefined) return found
    // Shared only until the look begins, so that nobody is given what was seen before they asked.
    const begun = Promise.resolve().then(() => {
      looking.delete(tenant)
      return look(tenant)
    })
    looking.set(tenant, begun)
    return begun
  }
}

async function takeCensus(db: StateDatabase, tenant: string): Promise<Census> {
  const rows = await db
    .selectFrom('documents')
    .select(['scope', 'source', 'language', (row) => row.fn.countAll<number>().as('count')])
    .where('tenant', '=', tenant)
    .groupBy(['scope', 'source', 'language'])
    .execute()
  const byLanguage = new Map<string, number>()
  for (const { language, count } of rows) byLanguage.set(language, (byLanguage.get(language) ?? 0) + Number(count))
  const languages = [...byLanguage].sort(([left, many], [right, few]) => few - many || (left < right ? -1 : 1))
  return {
    languages: languages.map(([language]) => language),
    places: rows.map(({ count, ...place }) => ({ ...place, count: Number(count) })),
  }
}

async function documentRows(db: StateDatabase, tenant: string, documents: readonly DocumentId[]): Promise<DocumentRow[]> {
  const rows: DocumentRow[] = []
  for (const some of inPieces(documents)) {
    rows.push(...(await db.selectFrom('documents').selectAll().where('tenant', '=', tenant).where('id', 'in', some).execute()))
  }
  return rows
}

function createTextCache(db: StateDatabase): {
  warm(tenant: string, blobs: readonly string[]): Promise<void>
  read(tenant: string, blob: string): Promise<string | undefined>
} {
  const texts = new Map<string, string>()
  let length = 0
  const decoder = new TextDecoder()
  const remember = (key: string, text: string): void => {
    texts.set(key, text)
    length += text.length
    for (const [oldest, old] of texts) {
      if (length <= CACHED_TEXT_LENGTH || oldest === key) break
      texts.delete(oldest)
      length -= old.length
    }
  }
  const warm = async (tenant: string, blobs: readonly string[]): Promise<void> => {
    const missing = blobs.filter((blob) => !texts.has(`${tenant}/${blob}`))
    if (missing.length === 0) return
    const rows = await db
      .selectFrom('blobs')
      .select(['hash', 'bytes'])
      .where('tenant', '=', tenant)
      .where('hash', 'in', missing)
      .execute()
    for (const row of rows) remember(`${tenant}/${row.hash}`, decoder.decode(row.bytes))
  }
  return {
    warm,
    read: async (tenant, blob) => {
      const key = `${tenant}/${blob}`
      if (!texts.has(key)) await warm(tenant, [blob])
      return texts.get(key)
    },
  }
}

async function matchingDocuments(
  db: StateDatabase,
  tenant: string,
  filter: MetadataFilter,
  scopes: Int32Array,
): Promise<DocumentId[]> {
  let query = db.selectFrom('documents').select(['id', 'path', 'scope']).where('tenant', '=', tenant)
  for (const [key, value] of Object.entries(filter)) {
    if (key === 'path') continue
    if (key === 'source' || key === 'language') query = query.where(key, '=', value)
    else
      query = query.where('id', 'in', (metadata) =>
        metadata
          .selectFrom('document_metadata')
          .select('document')
          .where('tenant', '=', tenant)
          .where('key', '=', boundedText(key))
          .where('value', '=', boundedText(value)),
      )
  }
  // What may not be read takes no part, not even in the time that this takes.
  const readable = new Set(scopes)
  const rows = (await query.orderBy('id').execute()).filter((row) => readable.has(row.scope))
  const pattern = filter['path']
  const matches = pattern === undefined ? () => true : parsePathPattern(pattern)
  return rows.filter((row) => matches(row.path)).map((row) => row.id as DocumentId)
}

interface ScopesSummary extends ReadableValues {
  readonly documents: number
}

/** A person's scopes may be a hundred thousand, and are the same list until permissions change. */
function rememberSummaries(): (census: Census, scopes: Int32Array) => ScopesSummary {
  const known = new WeakMap<Int32Array, { readonly census: Census; readonly summary: ScopesSummary }>()
  return (census, scopes) => {
    const before = known.get(scopes)
    if (before?.census === census) return before.summary
    const summary = summariseScopes(census.places, scopes)
    known.set(scopes, { census, summary })
    return summary
  }
}

function summariseScopes(places: Census['places'], scopes: Int32Array): ScopesSummary {
  const readable = new Set(scopes)
  const seen = places.filter((place) => readable.has(place.scope))
  const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].sort()
  return {
    documents: seen.reduce((sum, place) => sum + place.count, 0),
    sources: distinct(seen.map(({ source }) => source)),
    languages: distinct(seen.map(({ language }) => language)),
  }
}

export function toStoredDocument(row: DocumentRow): StoredDocument {
  return {
    id: row.id as DocumentId,
    source: row.source,
    path: row.path,
    version: row.version as DocumentVersion,
    title: row.title,
    language: row.language,
    mediaType: row.media_type,
    scope: row.scope as ScopeId,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    modifiedAtMs: row.modified_at,
    indexedAtMs: row.indexed_at,
  }
}
