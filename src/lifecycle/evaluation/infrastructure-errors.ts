/** Tells what the surroundings did (timeout, limit, network) from what the system under test did. Knows errors, not systems. */
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** Codes of Node and undici for connections that failed or were cut. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
])
const LONGEST_CHAIN = 8

/** True for retryable catalogue errors, timeouts and broken connections, also as the cause of another error. */
export function isInfrastructureError(error: unknown): boolean {
  let current = error
  for (let depth = 0; depth < LONGEST_CHAIN && current instanceof Error; depth++) {
    if (isTouchstoneError(current) && current.entry.retryable) return true
    if (current.name === 'TimeoutError' || ('code' in current && NETWORK_CODES.has(String(current.code)))) return true
    current = current.cause
  }
  return false
}
