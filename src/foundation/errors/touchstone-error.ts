/** The one error type. Knows the catalogue; knows nothing of HTTP or the command line. */
import { errorCatalog, type ErrorCode, type ErrorEntry } from './catalog.data.ts'

export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>

/**
 * An error of the catalogue. The message is the entry's template with `{name}` replaced from `details`, followed by the cure.
 * Details reach clients: they must never name anything that the asker may not know.
 */
export class TouchstoneError extends Error {
  override readonly name = 'TouchstoneError'
  readonly code: ErrorCode
  readonly details: ErrorDetails
  readonly entry: ErrorEntry

  constructor(code: ErrorCode, options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {}) {
    const entry: ErrorEntry = errorCatalog[code]
    const details = options.details ?? {}
    const gap = entry.message.endsWith('\n') ? '' : ' '
    super(`${fillTemplate(entry.message, details)}${gap}${fillTemplate(entry.cure, details)}`, { cause: options.cause })
    this.code = code
    this.details = details
    this.entry = entry
  }

  /** What `--json` prints and HTTP problem documents carry. */
  toJSON(): { code: ErrorCode; message: string; details: ErrorDetails } {
    return { code: this.code, message: this.message, details: this.details }
  }
}

export function isTouchstoneError(error: unknown, code?: ErrorCode): error is TouchstoneError {
  return error instanceof TouchstoneError && (code === undefined || error.code === code)
}

/** Any thrown value as a catalogue error; an unexpected one becomes INTERNAL with the original as its cause. */
export function toTouchstoneError(error: unknown): TouchstoneError {
  return error instanceof TouchstoneError ? error : new TouchstoneError('INTERNAL', { cause: error })
}

/** The text of any thrown value, for logs and failure rows. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What other programs say may end with a full stop of its own: then the template adds none. */
function fillTemplate(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}(\.?)/g, (whole, name: string, stop: string) => {
    const value = details[name]
    if (value === undefined) return whole
    const text = Array.isArray(value) ? value.join(', ') : String(value)
    return stop !== '' && text.endsWith('.') ? text : text + stop
  })
}
