/** Compares a source's listing with the state: what is new, changed, moved to another permission, gone. Reads only. */
import type { AclDeclaration } from '../../contracts/acl.ts'
import type { DeclaredAccess, ListingFailure, SourceItem } from '../../contracts/connector.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import type { IngestFailure } from '../../contracts/ingest-report.ts'
import { parseAclDeclaration } from '../../foundation/access/acl-declaration.ts'
import { canonicalJson, contentHash } from '../../foundation/hashing/content-hash.ts'
import { errorCatalog, type ErrorCode, type ErrorEntry } from '../../foundation/errors/catalog.data.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { boundedText, DOCUMENT_ID_BYTES } from '../../foundation/storage/bounded-text.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'

export interface KnownDocument {
  readonly id: DocumentId
  readonly version: string
  readonly scope: number
  readonly changeMark: string
  readonly definition: string
  /** Its own declaration, from the front matter of the version that is visible. */
  readonly declared: readonly DeclaredAccess[]
}

export interface SourcePlan {
  /** To be fetched and parsed, with what is known of an earlier version. */
  readonly changed: readonly { readonly item: SourceItem; readonly known: KnownDocument | undefined }[]
  /** Content as before; only permissions may differ. */
  readonly unchanged: readonly { readonly item: SourceItem; readonly known: KnownDocument }[]
  /** No longer listed. */
  readonly gone: readonly DocumentId[]
  /** Known, but below a place that could not be listed: withheld, since their permissions cannot be known. */
  readonly withheld: readonly KnownDocument[]
  /** Failed before with the same bytes, and trying again cannot help; or could not be listed. */
  readonly failures: readonly (IngestFailure & { readonly changeMark: string })[]
}

export function documentId(source: string, path: string): DocumentId {
  return `${source}:${path}` as DocumentId
}

/** The declaration that a document makes about itself. */
export function ownDeclaration(path: string, metadata: Readonly<Record<string, unknown>>): readonly DeclaredAccess[] {
  // Front matter that cannot be read, or that speaks of access in other words than ours, may hold a rule.
  const lookalike = Object.keys(metadata).find((key) => /^(?:access|acl|readers|deny)$/i.test(key) && key !== 'access')
  const problem = 'frontMatterProblem' in metadata ? 'unreadable front matter' : lookalike && `front matter says "${lookalike}"`
  if (problem === undefined && !('access' in metadata)) return []
  const declaration: AclDeclaration = problem === undefined ? parseAclDeclaration(metadata['access']) : { invalid: problem }
  // Another declaration is another place: what a new version grants must not reach the version that is still visible.
  return [{ place: `document:${path}#${contentHash(canonicalJson(declaration))}`, declaration }]
}

/** What is said of an item's readers, outermost first. The item's own word counts last, unless it may only narrow. */
export function accessChain(item: SourceItem, own: readonly DeclaredAccess[]): readonly DeclaredAccess[] {
  return item.accessIsFinal === true ? [...own, ...item.access] : [...item.access, ...own]
}

/** @param only the listing names just these paths; of others nothing is concluded */
export async function planSource(
  state: StateDatabase,
  tenant: string,
  source: string,
  reading: string,
  listing: readonly (SourceItem | ListingFailure)[],
  only?: readonly string[],
): Promise<SourcePlan> {
  const documents = only?.map((path) => documentId(source, path))
  const known = await knownDocuments(state, tenant, source, documents)
  const failed = await knownFailures(state, tenant, source, documents)
  const plan = { changed: [], unchanged: [], failures: [], gone: [], withheld: [] } as Mutable<SourcePlan>
  const unlisted: string[] = []
  for (const entry of listing) {
    const id = documentId(source, entry.path)
    if (Buffer.byteLength(id) > DOCUMENT_ID_BYTES) {
      plan.failures.push(tooLong(id, entry.path))
      continue
    }
    const before = known.get(id)
    if ('code' in entry) {
      plan.failures.push({ document: id, code: entry.code, message: entry.message, changeMark: '' })
      unlisted.push(entry.path)
      continue
    }
    known.delete(id)
    const failure = failed.get(id)
    const mark = `${reading}/${entry.changeMark}`
    if (failure !== undefined && failure.changeMark === mark && !isRetryable(failure.code)) plan.failures.push(failure)
    else if (before !== undefined && before.changeMark === entry.changeMark && before.definition === reading)
      plan.unchanged.push({ item: entry, known: before })
    else plan.changed.push({ item: entry, known: before })
  }
  for (const document of known.values()) {
    const path = document.id.slice(source.length + 1)
    const hidden = unlisted.some((place) => place === '' || path === place || path.startsWith(`${place}/`))
    if (hidden) plan.withheld.push(document)
    else plan.gone.push(document.id)
  }
  return plan
}

/** It cannot be known from an earlier run, so nothing of it is visible. */
function tooLong(id: DocumentId, path: string): SourcePlan['failures'][number] {
  const reason = `its id "source:path" has more than ${DOCUMENT_ID_BYTES} bytes`
  const { code, message } = new TouchstoneError('SOURCE_ITEM_UNREADABLE', { details: { path: boundedText(path), reason } })
  return { document: boundedText(id), code, message, changeMark: '' }
}

type Mutable<Plan> = { -readonly [Key in keyof Plan]: Plan[Key] extends readonly (infer Item)[] ? Item[] : Plan[Key] }

async function knownDocuments(
  state: StateDatabase,
  tenant: string,
  source: string,
  only: readonly DocumentId[] | undefined,
): Promise<Map<DocumentId, KnownDocument>> {
  let query = state
    .selectFrom('documents')
    .select(['id', 'path', 'version', 'scope', 'change_mark', 'definition', 'metadata'])
    .where('tenant', '=', tenant)
    .where('source', '=', source)
  if (only !== undefined) query = query.where('id', 'in', only)
  const rows = await query.execute()
  return new Map(
    rows.map((row) => {
      const declared = ownDeclaration(row.path, JSON.parse(row.metadata) as Record<string, unknown>)
      const { version, scope, definition } = row
      return [
        row.id as DocumentId,
        { id: row.id as DocumentId, version, scope, definition, changeMark: row.change_mark, declared },
      ]
    }),
  )
}

async function knownFailures(
  state: StateDatabase,
  tenant: string,
  source: string,
  only: readonly DocumentId[] | undefined,
): Promise<Map<string, IngestFailure & { changeMark: string }>> {
  let query = state
    .selectFrom('document_failures')
    .select(['document', 'change_mark', 'code', 'message'])
    .where('tenant', '=', tenant)
    .where('source', '=', source)
  if (only !== undefined) query = query.where('document', 'in', only)
  const rows = await query.execute()
  return new Map(rows.map((row) => [row.document, { ...row, changeMark: row.change_mark }]))
}

/** Timeouts and memory depend on the machine's load and the settings, so they too are tried again. */
function isRetryable(code: string): boolean {
  const entry: ErrorEntry | undefined = errorCatalog[code as ErrorCode]
  return entry === undefined || entry.retryable || /TIMEOUT|MEMORY|CRASHED|UNREADABLE|TOO_LARGE/.test(code)
}
