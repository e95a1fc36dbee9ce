/** Writes to the rows of an index: in pieces, seen by the next query when they resolve, and whole although others write too. Knows no query. */
import { inPieces } from '../../foundation/storage/in-pieces.ts'
import type { IndexRecord } from '../../contracts/document-index.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Cluster } from './cluster.ts'
import type { Failure } from './failure.ts'
import { rowKey, toRow } from './index-row.ts'

/** A request of this size is a moment's work, and far below what a cluster accepts. */
const PIECE_CHARACTERS = 4_000_000
/** Documents named in one request: each is up to two clauses. */
const DOCUMENTS_PER_REQUEST = 200
/** Each round leaves only rows that somebody wrote during it. */
const ROUNDS = 20

interface BulkAnswer {
  readonly errors: boolean
  readonly items: readonly Readonly<Record<string, BulkItem>>[]
}
interface Reason {
  readonly type: string
  readonly reason: string
}
interface BulkItem {
  readonly status: number
  readonly error?: Reason
}
interface ByQueryAnswer {
  readonly version_conflicts: number
  readonly failures: readonly { readonly status?: number; readonly cause?: Reason }[]
}

/** @param dimensions of the index's vectors; those of records are left out where it has none */
export async function upsertRows(
  cluster: Cluster,
  index: string,
  records: readonly IndexRecord[],
  dimensions: number | undefined,
): Promise<void> {
  for (const lines of bulkPieces(records, dimensions)) {
    // An index that somebody removed must not come back with a layout of the cluster's choosing.
    const query = { refresh: true, require_alias: true }
    await cluster.ask({ method: 'POST', path: `/${index}/_bulk`, query, lines, kind: 'write', examine: examineBulk })
  }
}

function* bulkPieces(records: readonly IndexRecord[], dimensions: number | undefined): Generator<string> {
  let lines = ''
  for (const record of records) {
    lines += `${JSON.stringify({ index: { _id: rowKey(record) } })}\n${JSON.stringify(toRow(record, dimensions))}\n`
    if (lines.length < PIECE_CHARACTERS) continue
    yield lines
    lines = ''
  }
  if (lines !== '') yield lines
}

/** The worst first: what may pass is tried again only when nothing is refused for good. */
function examineBulk(answer: unknown): Failure | undefined {
  const { errors, items } = answer as BulkAnswer
  if (!errors) return undefined
  const refused = items.flatMap((item) => Object.values(item)).filter(({ error }) => error !== undefined)
  const worst = refused.find(({ status }) => status !== 429 && status < 500) ?? refused[0]
  return refusal(worst?.status, worst?.error)
}

function refusal(status = 500, { type = '', reason = 'a row was refused' }: Partial<Reason> = {}): Failure {
  return { status, type, reason }
}

export async function deleteRows(
  cluster: Cluster,
  indices: string,
  documents: readonly { readonly id: DocumentId; readonly keep?: DocumentVersion }[],
): Promise<void> {
  for (const part of inPieces(documents, DOCUMENTS_PER_REQUEST)) {
    const whole = part.filter(({ keep }) => keep === undefined).map(({ id }) => id)
    const older = part.filter(({ keep }) => keep !== undefined).map(allBut)
    const should = [...(whole.length > 0 ? [{ terms: { document: whole } }] : []), ...older]
    await byQuery(cluster, `/${indices}/_delete_by_query`, { query: { bool: { should, minimum_should_match: 1 } } })
  }
}

function allBut({ id, keep }: { readonly id: DocumentId; readonly keep?: DocumentVersion }): object {
  return { bool: { filter: [{ term: { document: id } }], must_not: [{ term: { version: keep } }] } }
}

export async function moveRows(
  cluster: Cluster,
  indices: string,
  documents: readonly DocumentId[],
  scope: ScopeId,
): Promise<void> {
  const script = { lang: 'painless', source: 'ctx._source.scope = params.scope', params: { scope } }
  for (const part of inPieces(documents, DOCUMENTS_PER_REQUEST)) {
    const elsewhere = { bool: { filter: [{ terms: { document: part } }], must_not: [{ term: { scope } }] } }
    await byQuery(cluster, `/${indices}/_update_by_query`, { script, query: elsewhere })
  }
}

export async function refresh(cluster: Cluster, indices: string): Promise<void> {
  await cluster.ask({ method: 'POST', path: `/${indices}/_refresh`, kind: 'write' })
}

/** Over and over until no row was changed by another meanwhile: those are left alone by the cluster. */
async function byQuery(cluster: Cluster, path: string, body: object): Promise<void> {
  // A writer that was killed may have left rows that no query sees yet.
  await refresh(cluster, path.split('/')[1] ?? '')
  for (let round = 1; round <= ROUNDS; round++) {
    const query = { conflicts: 'proceed', refresh: true }
    const answer = await cluster.ask<ByQueryAnswer>({
      method: 'POST',
      path,
      query,
      body,
      kind: 'write',
      examine: examineFailures,
    })
    if (answer.version_conflicts === 0) return
    await refresh(cluster, path.split('/')[1] ?? '')
  }
  const reason = `${cluster.location} has other writers change the same rows again and again`
  throw new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason } })
}

function examineFailures(answer: unknown): Failure | undefined {
  const [failure] = (answer as ByQueryAnswer).failures
  return failure === undefined ? undefined : refusal(failure.status, failure.cause)
}
