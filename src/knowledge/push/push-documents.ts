/** Writes of pushed documents: kept in one transaction with what must be true at the next query. Knows nothing of HTTP; indexing follows later. */
import type { DocumentId } from '../../contracts/identity.ts'
import type { Precondition, PushOperation, Pusher, PushResult, PutDocument } from '../../contracts/pushed-document.ts'
import { canonicalAcl } from '../../foundation/access/acl-decision.ts'
import { isTouchstoneError, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../../foundation/hashing/content-hash.ts'
import { createAuditLog } from '../../foundation/storage/audit-repository.ts'
import { withdrawDocuments } from '../../foundation/storage/document-writer.ts'
import { type PushedRow, pushedRow, removePushed, writePushed } from '../../foundation/storage/pushed-repository.ts'
import type { IngestParts } from '../ingestion/ingest-parts.ts'
import { takeTurn } from '../../foundation/storage/state-dialect.ts'
import { documentFormat } from './document-format.ts'
import { splitDocumentId } from './pushed-document-id.ts'
import type { PushSources } from './push-sources.ts'
import { type VisibleDocument, followVisible, visibleDocument } from './visible-document.ts'

export interface PushParts extends Pick<IngestParts, 'state' | 'tenant' | 'clock'> {
  readonly sources: PushSources
}

export interface PushRequest {
  readonly operation: PushOperation
  readonly pusher: Pusher
}

/** What became of one write, and whether rows of the index must move to another scope. */
export type PushEffect = PushResult & { readonly moved: boolean }

/**
 * All in one transaction, in order; durable when it resolves. One write that is refused leaves the others alone.
 * @returns for each request its result, or the error that refused it: SOURCE_NOT_PUSHED, SOURCE_UNKNOWN, DOCUMENT_ID_INVALID,
 * DOCUMENT_REVISION_DIFFERS, DOCUMENT_UNKNOWN, MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID
 * @throws what concerns all of them: DISK_FULL, STATE_*
 */
export async function pushDocuments(
  requests: readonly PushRequest[],
  parts: PushParts,
): Promise<readonly (PushEffect | TouchstoneError)[]> {
  return parts.state.transaction().execute(async (transaction) => {
    await takeTurn(transaction, parts.tenant, 'documents')
    const within = { ...parts, state: transaction }
    const results: (PushEffect | TouchstoneError)[] = []
    for (const request of requests) {
      try {
        results.push(await pushOne(request, within))
      } catch (error) {
        // Refusals come before the first write of an operation; whatever else fails takes the transaction with it.
        if (!isTouchstoneError(error) || error.entry.exit !== 2) throw error
        results.push(error)
      }
    }
    return results
  })
}

async function pushOne({ operation, pusher }: PushRequest, parts: PushParts): Promise<PushEffect> {
  const { state, tenant, sources, clock } = parts
  const { document } = operation
  const { source, path } = splitDocumentId(document)
  const isNew = await sources.require(state, source, pusher)
  const before = await pushedRow(state, tenant, document)
  requireRevision(document, before?.revision, operation.condition)
  if (operation.operation === 'delete' && before === undefined)
    throw new TouchstoneError('DOCUMENT_UNKNOWN', { details: { document } })
  const row = operation.operation === 'put' ? toRow(operation, source, path, before, clock.now()) : undefined
  const { actor, onBehalfOf } = pusher
  const entry = { tenant: tenant as never, actor, action: `document.${operation.operation}`, target: document }
  await createAuditLog(state, clock).append(onBehalfOf === undefined ? entry : { ...entry, onBehalfOf })
  if (isNew) await sources.create(state, source)
  if (row === undefined || operation.operation === 'delete') return removeDocument(document, parts)
  if (before?.revision === row.revision) return { document, outcome: 'unchanged', revision: row.revision, moved: false }
  return keepDocument(row, operation.bytes, before, parts)
}

async function removeDocument(document: DocumentId, { state, tenant }: PushParts): Promise<PushEffect> {
  await removePushed(state, tenant, document)
  await withdrawDocuments(state, tenant, [document])
  return { document, outcome: 'deleted', moved: false }
}

async function keepDocument(
  row: PushedRow,
  bytes: Uint8Array,
  before: PushedRow | undefined,
  parts: PushParts,
): Promise<PushEffect> {
  const { state, tenant } = parts
  const document = row.id as DocumentId
  const visible = await visibleDocument(state, tenant, document)
  const isSame = before?.content_mark === row.content_mark
  const pending = isSame ? before.pending : isVisible(row, visible) ? 0 : 1
  await writePushed(state, tenant, { ...row, pending }, isSame ? undefined : bytes)
  if (!isSame) await state.deleteFrom('document_failures').where('tenant', '=', tenant).where('document', '=', document).execute()
  const moved = visible !== undefined && (await followVisible(row, visible, parts))
  const outcome = before === undefined ? 'created' : isSame ? 'updated' : 'replaced'
  return { document, outcome, revision: row.revision, moved }
}

function isVisible(row: PushedRow, visible: VisibleDocument | undefined): boolean {
  return visible?.changeMark === row.content_mark
}

/** @throws TouchstoneError MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID */
function toRow(put: PutDocument, source: string, path: string, before: PushedRow | undefined, nowMs: number): PushedRow {
  refuseAccessWords(put)
  const { readAs, mediaType } = documentFormat(path, put.bytes, put.isText, put.mediaType)
  const metadata = canonicalJson(put.metadata)
  const acl = put.acl === undefined ? null : canonicalJson(canonicalAcl(put.acl))
  const title = put.title ?? null
  // The language decides how the text is analysed, so that it counts as content.
  const contentMark = contentHash(put.bytes, readAs, canonicalJson({ title, language: put.metadata['language'] }))
  const isSame = before?.content_mark === contentMark
  return {
    id: put.document,
    source,
    path,
    revision: contentHash(contentMark, metadata, acl ?? ''),
    content_mark: contentMark,
    read_as: readAs,
    media_type: mediaType,
    metadata,
    title,
    acl,
    found_metadata: before?.found_metadata ?? null,
    pending: 1,
    size_bytes: put.bytes.byteLength,
    received_at: isSame ? before.received_at : nowMs,
  }
}

const ACCESS_WORDS = /^(?:access|acl|readers|deny|frontMatterProblem)$/i

/** Who reads is said in `acl`; the same word in metadata would look like a rule and be none. */
function refuseAccessWords({ metadata }: PutDocument): void {
  const word = Object.keys(metadata).find((key) => ACCESS_WORDS.test(key))
  if (word === undefined) return
  const problems = [`metadata.${word}: say who reads in acl`]
  throw new TouchstoneError('REQUEST_INVALID', { details: { problems } })
}

function requireRevision(document: DocumentId, revision: string | undefined, condition: Precondition | undefined): void {
  const names = (wanted: readonly string[]): boolean =>
    revision !== undefined && (wanted.includes('*') || wanted.includes(revision))
  const { ifMatch, ifNoneMatch } = condition ?? {}
  if ((ifMatch === undefined || names(ifMatch)) && (ifNoneMatch === undefined || !names(ifNoneMatch))) return
  throw new TouchstoneError('DOCUMENT_REVISION_DIFFERS', { details: { document, revision: revision ?? '(none)' } })
}
