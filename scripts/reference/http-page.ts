/** docs/reference/http.md from the table of routes. */
import type { Access, Route } from '../../src/app/http/route.ts'
import { routeTable } from '../../src/app/http/routes/route-table.ts'
import { code, heading, type ReferencePage, table } from './page.ts'
import { schemaTable } from './schema-rows.ts'

const INTRODUCTION = `The server describes itself at \`/openapi.json\`, made from the same routes; \`touchstone/client\` is a typed client of it.
Errors are problem documents (RFC 9457) with the codes of [errors.md](errors.md).

A caller sends \`authorization: Bearer\` with a service key or a token of the configured issuer. A key that may act for users names
one in the header \`touchstone-user\`, or passes that user's own token in \`touchstone-user-token\`. On loopback without keys and
issuer, \`touchstone-user\` alone names the user. [Operating](../guides/operate.md) says how to set this up.`

const CALLERS: Readonly<Record<Access, string>> = {
  public: 'anybody',
  user: 'a user',
  reader: 'a user or an administrator',
  administrator: 'an administrator',
  pusher: 'an administrator or a key with the role push',
  directory: 'an administrator or a key with the role directory',
}

export const httpPage: ReferencePage = {
  name: 'http.md',
  render() {
    const rows = routeTable.map(({ method, path, access, summary }) => [code(`${method} ${path}`), CALLERS[access], summary])
    const described = routeTable.filter(({ query, body, response }) => query ?? body ?? response.events)
    return [
      heading('HTTP', INTRODUCTION),
      table(['route', 'who may call', 'what it does'], rows),
      ...described.map(renderRoute),
    ].join('\n')
  },
}

function renderRoute({ method, path, query, body, response }: Route): string {
  const parts = [
    query === undefined ? '' : `Query:\n\n${schemaTable(query)}`,
    body === undefined ? '' : `Body (JSON):\n\n${schemaTable(body)}`,
    response.events === undefined
      ? ''
      : `Streamed as server-sent events: ${Object.keys(response.events).map(code).join(', ')}; the data of each is JSON.\n`,
  ]
  return `## \`${method} ${path}\`\n\n${parts.filter((part) => part !== '').join('\n')}`
}
