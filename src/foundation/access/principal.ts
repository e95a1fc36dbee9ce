/** Spelling of principals. Knows the three prefixes and `everyone`; knows nothing of who exists. */
import type { PrincipalId } from '../../contracts/identity.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'

/** Held by each enabled user. */
export const EVERYONE = 'everyone' as PrincipalId

/** What can stand behind the prefix. Control characters and halves of characters would not come back from every database as they went. */
export const PRINCIPAL_NAME = /^[^\s,;:\p{Cc}\p{Cs}]{1,200}$/u
const SPELLING = /^(?:user|group|service):(.*)$/su

/** @throws TouchstoneError PRINCIPAL_INVALID */
export function parsePrincipal(text: string): PrincipalId {
  if (text === EVERYONE || PRINCIPAL_NAME.test(SPELLING.exec(text)?.[1] ?? '')) return text as PrincipalId
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
