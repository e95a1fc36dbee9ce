/** The error that the client throws. Knows problem documents; knows nothing of the server's catalogue. */

/** A request that the server refused or that never reached it. */
export class TouchstoneRequestError extends Error {
  override readonly name = 'TouchstoneRequestError'
  /** A code of the catalogue, or CONNECTION_FAILED, RESPONSE_INVALID when no problem document came. */
  readonly code: string
  /** HTTP status; 0 when there was no response. */
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>
  readonly retryable: boolean
  /** Seconds to wait before trying again, when the server said so. */
  readonly retryAfterSeconds: number | undefined
  /** Under which the log of the server knows the request. */
  readonly requestId: string | undefined

  constructor(
    message: string,
    facts: {
      readonly code: string
      readonly status: number
      readonly details?: Readonly<Record<string, unknown>>
      readonly retryable?: boolean
      readonly retryAfterSeconds?: number | undefined
      readonly requestId?: string | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, { cause: facts.cause })
    this.code = facts.code
    this.status = facts.status
    this.details = facts.details ?? {}
    this.retryable = facts.retryable ?? false
    this.retryAfterSeconds = facts.retryAfterSeconds
    this.requestId = facts.requestId
  }
}

/** @param problem the parsed body; anything that is no problem document gives RESPONSE_INVALID */
export function toRequestError(problem: unknown, status: number, retryAfter: string | null = null): TouchstoneRequestError {
  const told = isRecord(problem) ? problem : {}
  const { code, detail, details, requestId } = told
  return new TouchstoneRequestError(typeof detail === 'string' ? detail : `The server answered ${status}.`, {
    code: typeof code === 'string' ? code : 'RESPONSE_INVALID',
    status: typeof told['status'] === 'number' ? told['status'] : status,
    details: isRecord(details) ? details : {},
    retryable: told['retryable'] === true,
    retryAfterSeconds: retryAfter === null ? undefined : Number(retryAfter),
    requestId: typeof requestId === 'string' ? requestId : undefined,
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
