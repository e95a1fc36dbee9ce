/** What is wrong with documents, by source: failed, empty, repeated, out of date, readable by nobody. Reads only. */
import { unreadableScopes } from '../../foundation/access/unreadable-scopes.ts'
import { errorCatalog, type ErrorCode, type ErrorEntry } from '../../foundation/errors/catalog.data.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { readSketches } from '../../foundation/storage/document-sketches.ts'
import { WITHHELD_MARK } from '../ingestion/apply-permissions.ts'
import { agedDocuments } from './age-checks.ts'
import { bySource, counted, type DocumentRow, EXAMPLES, single, type SourceFinding } from './document-findings.ts'
import { repeatedContent } from './repeated-content.ts'

export interface DocumentCheckParts {
  readonly state: StateDatabase
  readonly tenant: string
  readonly nowMs: number
  /** Of a source: how long its documents may go without being looked after; nothing: without end. */
  readonly staleAfterDays: (source: string) => number | undefined
}

export async function checkDocuments({
  state,
  tenant,
  nowMs,
  staleAfterDays,
}: DocumentCheckParts): Promise<readonly SourceFinding[]> {
  const documents = await readDocuments(state, tenant)
  return [
    ...(await failures(state, tenant)),
    ...emptyDocuments(documents),
    ...(await unreadable(state, tenant, documents)),
    ...repeatedContent(documents, await readSketches(state, tenant)),
    ...agedDocuments(documents, nowMs, staleAfterDays),
  ]
}

async function readDocuments(db: StateDatabase, tenant: string): Promise<readonly DocumentRow[]> {
  const rows = await db
    .selectFrom('documents')
    .select(['id', 'source', 'path', 'blob', 'scope', 'chunks', 'change_mark', 'metadata', 'modified_at'])
    .where('tenant', '=', tenant)
    .orderBy('id')
    .execute()
  return rows.map(({ change_mark: changeMark, modified_at: modifiedAtMs, metadata, ...row }) => {
    return { ...row, changeMark, modifiedAtMs, metadata: JSON.parse(metadata) as Record<string, unknown> }
  })
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
  const found = documents.filter(({ scope, changeMark: mark }) => scopes.has(scope) && mark !== WITHHELD_MARK)
  return bySource(found, (rows) => ({
    problem: 'unreadable',
    severity: 'warning',
    documents: rows.length,
    message: `${counted(rows.length)} that no enabled user may read`,
    cure: 'Declare readers (access.yaml, front matter or the access rules of the source), or correct the names in them; `npx touchstone access who-can-read DOCUMENT` shows the rule.',
    examples: single(rows),
  }))
}
