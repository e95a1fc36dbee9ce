/** Reads a permission declaration as people write it (access.yaml, front matter, configuration). Whatever is not understood means nobody. */
import type { AclClause, AclDeclaration } from '../../contracts/acl.ts'
import type { PrincipalId } from '../../contracts/identity.ts'
import { messageOf } from '../errors/touchstone-error.ts'
import { parsePrincipal } from './principal.ts'

const KNOWN_KEYS = new Set(['readers', 'all', 'deny'])

/**
 * Accepts `{ readers: [principal, ...] }` or `{ all: [{ any: [principal, ...] }, ...] }`, each with an optional `deny: [...]`.
 * @param alsoAllowed further keys that the place has a use for, e.g. `files`
 * @returns a declaration; an invalid one carries the reason and grants nothing
 */
export function parseAclDeclaration(input: unknown, alsoAllowed: readonly string[] = []): AclDeclaration {
  try {
    return readDeclaration(input, alsoAllowed)
  } catch (error) {
    return { invalid: messageOf(error) }
  }
}

function readDeclaration(input: unknown, alsoAllowed: readonly string[]): AclDeclaration {
  if (!isRecord(input)) return { invalid: 'a declaration is a map with readers, all or deny' }
  const unknown = Object.keys(input).filter((key) => !KNOWN_KEYS.has(key) && !alsoAllowed.includes(key))
  if (unknown.length > 0) return { invalid: `unknown key ${unknown.join(', ')}` }
  if ('readers' in input && 'all' in input) return { invalid: 'readers and all exclude each other' }
  const deny = 'deny' in input ? { deny: readPrincipals(input['deny'], 'deny') } : {}
  if ('readers' in input) return { all: [{ any: readPrincipals(input['readers'], 'readers') }], ...deny }
  if ('all' in input) return { all: readClauses(input['all']), ...deny }
  return deny
}

function readClauses(input: unknown): AclClause[] {
  if (!Array.isArray(input)) throw new TypeError('all is a list of { any: [...] }')
  return input.map((clause: unknown) => {
    if (!isRecord(clause) || Object.keys(clause).join() !== 'any') throw new TypeError('each entry of all is { any: [...] }')
    return { any: readPrincipals(clause['any'], 'any') }
  })
}

function readPrincipals(input: unknown, name: string): PrincipalId[] {
  if (!Array.isArray(input)) throw new TypeError(`${name} is a list of principals`)
  return input.map((principal: unknown) => {
    if (typeof principal !== 'string') throw new TypeError(`${name} is a list of principals`)
    return parsePrincipal(principal)
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
