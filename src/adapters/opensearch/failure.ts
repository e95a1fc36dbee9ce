/** What an answer of OpenSearch, or its absence, means for us, and whether asking again may help. Never repeats the URL, which may hold a password. */
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** What was said, by the client or by the server. */
export interface Failure {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly type: string
  readonly reason: string
}

const MAX_REASON = 300
const BUSY = new Set([429, 502, 503, 504])
/** A node stops writes when its disk is nearly full, and says so with a status of its own choosing. */
const NO_SPACE = /flood-stage|no space left|disk usage exceeded/i
const NOT_THERE = new Set(['index_not_found_exception', 'aliases_not_found_exception'])
/** The client's name of an answer that cannot be read. */
export const NO_JSON = 'DeserializationError'
/** The client's name of an error for which there was no answer at all. */
const UNANSWERED = new Set(['ConnectionError', 'NoLivingConnectionsError'])

/** Another attempt may succeed: the server is away, starting, or has too much to do. */
export function mayPass({ status, type, reason }: Failure): boolean {
  return (BUSY.has(status) && !NO_SPACE.test(reason)) || (status === 0 && UNANSWERED.has(type))
}

/** As an error of the catalogue. @param location host and index, without credentials */
export function toIndexFailure({ status, type, reason }: Failure, location: string, cause: unknown): TouchstoneError {
  if (NO_SPACE.test(reason)) return new TouchstoneError('DISK_FULL', { details: { path: location }, cause })
  if (NOT_THERE.has(type)) return indexDamaged(location, 'it is not there any more', cause)
  const text = `${location} ${sentenceOf(status, type, reason)}`
  return new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason: text }, cause })
}

/** Said when an index with vectors is made and nothing in the cluster knows that kind of field. */
export function knowsNoVectors({ reason }: Failure): boolean {
  return /no handler for type \[knn_vector\]/i.test(reason)
}

export function withoutVectors(location: string, cause: unknown): TouchstoneError {
  const problem = `${location} has no k-NN plugin, which vectors need: install opensearch-knn on every node, or set index.embedding: null`
  const problems = `  - index.embedding: ${problem}`
  return new TouchstoneError('CONFIG_INVALID', { details: { path: 'index.embedding', count: 1, problems }, cause })
}

export function indexDamaged(location: string, reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('INDEX_CORRUPT', { details: { path: location, reason }, cause })
}

function sentenceOf(status: number, type: string, reason: string): string {
  if (status === 401) return 'refuses the user and password of index.url (status 401)'
  if (status === 403) return `does not allow it (status 403): ${reason}`
  if (status > 0) return `answers with status ${status}: ${reason}`
  if (type === 'TimeoutError') return 'did not answer in time'
  if (type === NO_JSON) return 'answers with something that is no JSON'
  return `does not answer (${reason})`
}

/** What an error of the client says. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { status: 0, type: '', reason: clip(String(error)) }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 0
  const told = status > 0 && 'body' in error ? causeOf(error.body) : undefined
  return { status, type: told?.type ?? error.name, reason: clip(told?.reason ?? messageOf(error)) }
}

/** The innermost cause says what happened; those around it, where. */
function causeOf(body: unknown): { readonly type: string; readonly reason: string } | undefined {
  const error = member(body, 'error')
  const [rootCause] = asList(member(error, 'root_cause'))
  const cause = rootCause ?? error
  const [type, reason] = [member(cause, 'type'), member(cause, 'reason')]
  if (typeof type === 'string') return { type, reason: typeof reason === 'string' ? reason : type }
  return typeof error === 'string' ? { type: '', reason: error } : { type: '', reason: 'no reason given' }
}

function member(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function clip(text: string): string {
  return text
    .replace(/\/\/[^/@\s]*@/g, '//')
    .replace(/\s+/g, ' ')
    .slice(0, MAX_REASON)
}
