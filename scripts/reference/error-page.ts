/** docs/reference/errors.md from the error catalogue. */
import { errorCatalog, type ErrorEntry } from '../../src/foundation/errors/catalog.data.ts'
import { code, heading, type ReferencePage, table } from './page.ts'

const INTRODUCTION = `Every error has a code that stays, a message that names the offending value, and a cure that names the setting.
By HTTP it is a problem document (RFC 9457) of the type \`/errors/CODE\` with \`code\`, \`detail\`, \`details\`, \`retryable\` and \`requestId\`;
on the command line with \`--json\` it is \`{ "error": { "code", "message", "details" } }\` and the exit code. \`{name}\` is filled in.`

export const errorPage: ReferencePage = {
  name: 'errors.md',
  render() {
    const rows = (Object.entries(errorCatalog) as [string, ErrorEntry][]).map(([name, entry]) => [
      code(name),
      String(entry.status),
      String(entry.exit),
      entry.retryable ? 'yes' : '',
      entry.message,
      entry.cure,
    ])
    return `${heading('Errors', INTRODUCTION)}\n${table(['code', 'HTTP', 'exit', 'retry', 'message', 'cure'], rows)}`
  },
}
