/** What went wrong with an endpoint, as an error of the catalogue. Lets neither keys nor addresses into a message. */
import { isTouchstoneError, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Endpoint } from './endpoint-options.ts'

const MAX_REASON = 200

/** Where the endpoint is configured: what every error says. */
function placeOf({ name, section }: Endpoint): { readonly endpoint: string; readonly section: string } {
  return { endpoint: name, section }
}

export function invalidResponse(endpoint: Endpoint, reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('MODEL_RESPONSE_INVALID', { details: { ...placeOf(endpoint), reason }, cause })
}

export function timedOut(endpoint: Endpoint, timeoutMs: number): TouchstoneError {
  return new TouchstoneError('MODEL_TIMEOUT', { details: { ...placeOf(endpoint), timeoutMs } })
}

export function refused(endpoint: Endpoint, status: number, reason: string): TouchstoneError {
  const details = { ...placeOf(endpoint), status, reason: withoutSecrets(reason, endpoint) }
  return new TouchstoneError('MODEL_REFUSED', { details })
}

/** @param body what the endpoint sent with the status; only its error message is used */
export function fromStatus(endpoint: Endpoint, status: number, body: string): TouchstoneError {
  if (status === 429) return new TouchstoneError('MODEL_RATE_LIMITED', { details: { ...placeOf(endpoint) } })
  if (status === 408 || status >= 500)
    return new TouchstoneError('MODEL_UNAVAILABLE', { details: { ...placeOf(endpoint), reason: `status ${status}` } })
  if (status >= 300 && status < 400) return invalidResponse(endpoint, `a redirection (status ${status})`)
  return refused(endpoint, status, errorMessageOf(body))
}

/** An `error` object inside a stream. @param begun whether text came before */
export function fromStreamError(endpoint: Endpoint, error: unknown, begun: boolean): TouchstoneError {
  const text = withoutSecrets(errorMessageOf(JSON.stringify({ error })), endpoint)
  if (/rate.?limit|429/iu.test(JSON.stringify(error)))
    return new TouchstoneError('MODEL_RATE_LIMITED', { details: { ...placeOf(endpoint) } })
  if (begun) return invalidResponse(endpoint, `an error inside the stream: ${text}`)
  return new TouchstoneError('MODEL_UNAVAILABLE', { details: { ...placeOf(endpoint), reason: text } })
}

/** A thrown value of the transport. @param begun whether bytes of the answer came before */
export function fromTransport(endpoint: Endpoint, error: unknown, begun: boolean): TouchstoneError {
  if (isTouchstoneError(error)) return error
  const code = codeOf(error)
  if (begun) return invalidResponse(endpoint, `the stream was cut (${code})`, error)
  if (/TIMEOUT/u.test(code)) return timedOut(endpoint, endpoint.timeoutMs)
  return new TouchstoneError('MODEL_UNAVAILABLE', { details: { ...placeOf(endpoint), reason: code }, cause: error })
}

export function withoutSecrets(text: string, endpoint: Endpoint): string {
  let clean = text
  for (const secret of endpoint.secrets) clean = clean.replaceAll(secret, '***')
  return clean
    .replace(/\b(?:sk|pk|key|api)[-_][\w*.-]{6,}/giu, '***')
    .replace(/\s+/gu, ' ')
    .slice(0, MAX_REASON)
}

function errorMessageOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body)
    const error = isRecord(parsed) ? (parsed['error'] ?? parsed) : undefined
    if (typeof error === 'string') return error
    if (isRecord(error))
      for (const name of ['message', 'detail', 'code', 'type']) if (typeof error[name] === 'string') return error[name]
  } catch {
    // Not JSON: an HTML page or nothing; its text would help nobody.
  }
  return 'no reason given'
}

function codeOf(error: unknown): string {
  const code = isRecord(error) ? (error['code'] ?? error['name']) : undefined
  return typeof code === 'string' ? code : 'connection failed'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
