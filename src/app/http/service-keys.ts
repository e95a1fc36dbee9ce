/** Service keys: how they are made, spelled and checked. Knows nothing of headers or of what a key allows. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { CredentialStore, ServiceKey } from '../../contracts/credential.ts'
import type { TenantId } from '../../contracts/identity.ts'
import { parsePrincipal } from '../../foundation/access/principal.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** What a new key is to be. */
export type NewServiceKey = Pick<ServiceKey, 'tenant' | 'name' | 'principal' | 'role' | 'mayActForUsers'>

const SPELLING = /^ts_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

/** Whether the text means to be a service key (and not a JWT), well spelled or not. */
export function isServiceKeyToken(token: string): boolean {
  return token.startsWith('ts_')
}

/**
 * Makes a key and stores it. The token is returned this once; the store keeps a hash of its secret.
 * @param randomBytes from foundation/concurrency/random.ts
 * @throws TouchstoneError PRINCIPAL_INVALID unless the principal is `service:NAME` or `user:ID`,
 * REQUEST_INVALID when a key for one user, or one that only writes, asks to act for others
 */
export async function createServiceKey(
  store: CredentialStore,
  wanted: NewServiceKey,
  randomBytes: (count: number) => Uint8Array,
): Promise<{ key: ServiceKey; token: string }> {
  const principal = parsePrincipal(wanted.principal)
  const isUser = principal.startsWith('user:')
  if (!isUser && !principal.startsWith('service:')) throw new TouchstoneError('PRINCIPAL_INVALID', { details: { principal } })
  const writesOnly = wanted.role === 'push' || wanted.role === 'directory'
  const problems = [
    ...(isUser && wanted.mayActForUsers ? ['mayActForUsers: a key for one user names no others'] : []),
    ...(writesOnly && (isUser || wanted.mayActForUsers)
      ? [`role: a key with the role ${wanted.role} is a service and acts for nobody`]
      : []),
  ]
  if (problems.length > 0) throw new TouchstoneError('REQUEST_INVALID', { details: { problems } })
  const id = Buffer.from(randomBytes(8)).toString('hex')
  const secret = Buffer.from(randomBytes(32)).toString('base64url')
  await store.create({ ...wanted, principal, id }, hashSecret(secret))
  const stored = await store.find(id)
  if (stored === undefined) throw new TouchstoneError('INTERNAL')
  return { key: stored.key, token: `ts_${id}_${secret}` }
}

/** @throws TouchstoneError CREDENTIAL_INVALID: unknown, wrong, of another tenant, or revoked */
export async function verifyServiceKey(store: CredentialStore, tenant: TenantId, token: string): Promise<ServiceKey> {
  const [, id = '', secret = ''] = SPELLING.exec(token) ?? []
  const found = id === '' ? undefined : await store.find(id)
  if (found === undefined || found.key.tenant !== tenant || !isSecret(secret, found.secretHash)) throw invalid('it is unknown')
  // Only who holds the secret learns that the key once was valid.
  if (found.key.revokedAtMs !== undefined) throw invalid('it was revoked')
  return found.key
}

/**
 * Plain SHA-256: slow, salted hashes slow down guessing of what people choose, and nobody guesses 256 random bits;
 * here they would only add their cost to each request.
 */
function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function isSecret(secret: string, secretHash: string): boolean {
  const expected = Buffer.from(secretHash, 'hex')
  const given = Buffer.from(hashSecret(secret), 'hex')
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function invalid(reason: string): TouchstoneError {
  return new TouchstoneError('CREDENTIAL_INVALID', { details: { reason } })
}
