/** Spelling of principals. Knows the three prefixes and `everyone`; knows nothing of who exists. */
import type { PrincipalId } from '../../contracts/identity.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'

/** Held by each enabled user. */
export const EVERYONE = 'everyone' as PrincipalId

const SPELLING = /^(?:user|group|service):[^\s,;:]{1,200}$/u

/** @throws TouchstoneError PRINCIPAL_INVALID */
export function parsePrincipal(text: string): PrincipalId {
  if (text === EVERYONE || SPELLING.test(text)) return text as PrincipalId
  throw new TouchstoneError('PRINCIPAL_INVALID', { details: { principal: text } })
}

export function userPrincipal(user: string): PrincipalId {
  return parsePrincipal(`user:${user}`)
}

export function groupPrincipal(group: string): PrincipalId {
  return parsePrincipal(`group:${group}`)
}

/** Origin of a user or group that was removed though the configuration still names it: unknown to every question. */
export const REMOVED_ORIGIN = 'removed'
