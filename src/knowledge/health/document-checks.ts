/** What is wrong with documents, by source: failed, empty, twice there, in several editions, readable by nobody. Reads only. */
import { inPieces } from '../../foundation/storage/in-pieces.ts'
import type { HealthExample, HealthFinding } from '../../contracts/source-health.ts'
import { unreadableScopes } from '../../foundation/access/unreadable-scopes.ts'
import { errorCatalog, type ErrorCode, type ErrorEntry } from '../../foundation/errors/catalog.data.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { WITHHELD_MARK } from '../ingestion/apply-permissions.ts'
import { editionOf, familyOf, isDeclaredSuperseded } from '../retrieval/rerankers/superseded.ts'

interface DocumentRow {
  readonly id: string
  readonly source: string
  readonly path: string
  readonly blob: string
  readonly scope: number
  readonly chunks: number
  readonly change_mark: string
}

interface SourceFinding extends HealthFinding {
  readonly source: string
}

const EXAMPLES = 20
export async function checkDocuments(db: StateDatabase, tenant: string): Promise<readonly SourceFinding[]> {
  const documents: readonly DocumentRow[] = await db
    .selectFrom('documents')
    .select(['id', 'source', 'path', 'blob', 'scope', 'chunks', 'change_mark'])
    .where('tenant', '=', tenant)
    .orderBy('id')
    .execute()
  return [
    ...(await failures(db, tenant)),
    ...emptyDocuments(documents),
    ...(await unreadable(db, tenant, documents)),
    ...(await conflictingEditions(db, tenant, documents)),
    ...duplicates(documents),
  ]
}

async function failures(db: StateDatabase, tenant: string): Promise<SourceFinding[]> {
  const rows = await db
    .selectFrom('document_failures')
    .select(['document', 'source', 'code', 'message'])
    .where('tenant', '=', tenant)
    .orderBy('document')
    .execute()
  const groups = Map.groupBy(rows, ({ source, code }) => `${source} ${code}`)
  return [...groups.values()].map((group): SourceFinding => {
    const { source = '', code = '' } = group[0] ?? {}
    const entry: ErrorEntry | undefined = errorCatalog[code as ErrorCode]
    const isEmpty = code === 'DOCUMENT_EMPTY'
    return {
      source,
      problem: isEmpty ? 'empty' : 'failures',
      severity: 'warning',
      code,
      documents: group.length,
      message: isEmpty ? `${counted(group.length)} without text` : `${counted(group.length)} could not be read (${code})`,
      // A cure that names a value of the single document stands in its message.
      cure: entry === undefined || entry.cure.includes('{') ? 'Each message below says what to do.' : entry.cure,
      examples: group.slice(0, EXAMPLES).map(({ document, message }) => ({ documents: [document], message })),
    }
  })
}

function emptyDocuments(documents: readonly DocumentRow[]): SourceFinding[] {
  const empty = documents.filter(({ chunks }) => chunks === 0)
  return bySource(empty, (found) => ({
    problem: 'empty',
    severity: 'warning',
    documents: found.length,
    message: `${counted(found.length)} without text that could be found`,
    cure: 'Scanned pages need OCR before they are ingested; exclude what is empty on purpose.',
    examples: single(found),
  }))
}

async function unreadable(db: StateDatabase, tenant: string, documents: readonly DocumentRow[]): Promise<SourceFinding[]> {
  const scopes = await unreadableScopes(db, tenant)
  // What is withheld since it could not be read again stands among the failures.
  const found = documents.filter(({ scope, change_mark: mark }) => scopes.has(scope) && mark !== WITHHELD_MARK)
  return bySource(found, (rows) => ({
    problem: 'unreadable',
    severity: 'warning',
    documents: rows.length,
    message: `${counted(rows.length)} that no enabled user may read`,
    cure: 'Declare readers (access.yaml, front matter or the access rules of the source), or correct the names in them; `npx touchstone access who-can-read DOCUMENT` shows the rule.',
    examples: single(rows),
  }))
}

async function conflictingEditions(
  db: StateDatabase,
  tenant: string,
  documents: readonly DocumentRow[],
): Promise<SourceFinding[]> {
  const editions = documents.filter(({ path }) => editionOf(path) !== undefined)
  const families = [...Map.groupBy(editions, familyOf).values()].filter((family) => family.length > 1)
  const replaced = await declaredSuperseded(
    db,
    tenant,
    families.flat().map(({ id }) => id),
  )
  const conflicts = families.map((family) => family.filter(({ id }) => !replaced.has(id))).filter((current) => current.length > 1)
  return groupsBySource(conflicts, (groups, count) => ({
    problem: 'conflicting-versions',
    severity: 'warning',
    documents: count,
    message: `${counted(count)} in ${groups.length} ${groups.length === 1 ? 'family' : 'families'} of editions that all count as current`,
    cure: 'Answers prefer the newest year or version. Say `status: superseded` in the front matter of the others, or remove them.',
    examples: groups.slice(0, EXAMPLES),
  }))
}

async function declaredSuperseded(db: StateDatabase, tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const replaced = new Set<string>()
  for (const some of inPieces(ids)) {
    const rows = await db
      .selectFrom('documents')
      .select(['id', 'metadata'])
      .where('tenant', '=', tenant)
      .where('id', 'in', some)
      .execute()
    for (const { id, metadata } of rows)
      if (isDeclaredSuperseded(JSON.parse(metadata) as Record<string, unknown>)) replaced.add(id)
  }
  return replaced
}

function duplicates(documents: readonly DocumentRow[]): SourceFinding[] {
  const withText = documents.filter(({ chunks }) => chunks > 0)
  const groups = [...Map.groupBy(withText, ({ blob }) => blob).values()].filter((group) => group.length > 1)
  return groupsBySource(groups, (found, count) => ({
    problem: 'duplicates',
    severity: 'warning',
    documents: count,
    message: `${counted(count)} with the same text as another (${found.length} ${found.length === 1 ? 'text' : 'texts'})`,
    cure: 'Keep one of each, or exclude the copies: an edit of one leaves the others behind.',
    examples: found.slice(0, EXAMPLES),
  }))
}

type Describe<Found> = (found: readonly Found[], documents: number) => HealthFinding

function bySource(documents: readonly DocumentRow[], describe: Describe<DocumentRow>): SourceFinding[] {
  const found = Map.groupBy(documents, ({ source }) => source)
  return [...found].map(([source, rows]) => ({ source, ...describe(rows, rows.length) }))
}

/** A group that reaches over several sources is told with each of them; counted are the documents of the one. */
function groupsBySource(groups: readonly (readonly DocumentRow[])[], describe: Describe<HealthExample>): SourceFinding[] {
  const sources = [...new Set(groups.flat().map(({ source }) => source))].sort()
  return sources.map((source) => {
    const own = groups.filter((group) => group.some((row) => row.source === source))
    const examples = own.map((group) => ({ documents: group.map(({ id }) => id) }))
    return { source, ...describe(examples, own.flat().filter((row) => row.source === source).length) }
  })
}

function single(rows: readonly DocumentRow[]): HealthExample[] {
  return rows.slice(0, EXAMPLES).map(({ id }) => ({ documents: [id] }))
}

function counted(count: number): string {
  return count === 1 ? '1 document' : `${count} documents`
}
