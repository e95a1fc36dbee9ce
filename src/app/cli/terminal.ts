/** Standard output, standard error and the exit code: the one place of the command line that touches them. */
import { TouchstoneRequestError } from '../../client/request-error.ts'
import { TouchstoneError, toTouchstoneError } from '../../foundation/errors/touchstone-error.ts'

export interface Terminal {
  /** Results: standard output. */
  print(text: string): void
  /** One JSON document on standard output. */
  printJson(value: unknown): void
  /** One JSON document a line. */
  printJsonLine(value: unknown): void
  /** Notes: standard error. */
  note(text: string): void
  /** Draws over the last progress line; only on a terminal. */
  progress(text: string): void
  endProgress(): void
  readonly columns: number
  readonly interactive: boolean
  /** Wraps text in an ANSI style, where standard output is a terminal that wants colours. */
  style(code: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string): string
}

const ESCAPE = String.fromCodePoint(27)
/** What documents and models write must not move the cursor, change the screen, or turn the reading direction around. */
const CONTROLS = new RegExp(`(?![\\t\\n${ESCAPE}])\\p{Cc}|[\\u202A-\\u202E\\u2066-\\u2069]`, 'gu')
/** Escapes other than the styles of `style`. */
const FOREIGN_ESCAPES = new RegExp(`${ESCAPE}(?!\\[(?:0|1|2|31|32|33)m)`, 'gu')

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const

export const terminal: Terminal = createTerminal()

function createTerminal(): Terminal {
  let drawn = false
  const write = (text: string): void => void process.stdout.write(`${text}\n`)
  const clear = (): void => {
    if (drawn) process.stderr.write('\r\u001B[2K')
    drawn = false
  }
  const colours = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined
  return {
    print: (text) => {
      clear()
      write(text.replace(CONTROLS, '').replace(FOREIGN_ESCAPES, ''))
    },
    printJson: (value) => write(JSON.stringify(value, null, 2)),
    printJsonLine: (value) => write(JSON.stringify(value)),
    note: (text) => {
      clear()
      process.stderr.write(`${text}\n`)
    },
    progress: (text) => {
      if (process.stderr.isTTY !== true) return
      process.stderr.write(`\r\u001B[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`)
      drawn = true
    },
    endProgress: clear,
    columns: process.stdout.columns ?? 100,
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    style: (code, text) => (colours ? `\u001B[${CODES[code]}m${text}\u001B[0m` : text),
  }
}

/** How a command was asked to speak: to people, in one JSON document, or in one JSON event a line. */
export type Speech = 'text' | 'json' | 'json-lines'

/** Tells an error in the command's manner of speech, and sets the exit code that the catalogue names. */
export function reportError(error: unknown, speech: Speech): void {
  // What a server answered has its own code and message already.
  const failure = error instanceof TouchstoneRequestError ? error : toTouchstoneError(error)
  const { code, message, details } = failure
  process.exitCode = failure instanceof TouchstoneError ? failure.entry.exit : 1
  terminal.endProgress()
  if (speech === 'json') terminal.printJson({ error: { code, message, details } })
  else if (speech === 'json-lines') terminal.printJsonLine({ event: 'error', error: { code, message, details } })
  else terminal.note(`${terminal.style('red', code)}: ${message}`)
  if (code === 'INTERNAL' && failure.cause instanceof Error) terminal.note(failure.cause.stack ?? failure.cause.message)
}

export function setExitCode(code: number): void {
  process.exitCode = code
}

export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE' && !(error instanceof TouchstoneError)
}
