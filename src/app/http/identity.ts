/** Who calls, from the headers of a request: a local user, a service key, a verified token. Knows nothing of routes or documents. */
import type { IncomingHttpHeaders } from 'node:http'
import type { CallerIdentity } from '../../contracts/asker.ts'
import type { PrincipalId, TenantId } from '../../contracts/identity.ts'
import type { ServiceKey } from '../../contracts/credential.ts'
import { userPrincipal } from '../../foundation/access/principal.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Application } from '../application.ts'
import type { HttpOptions } from './http-options.ts'
import { isLoopbackHost, requireOwnOrigin } from './loopback.ts'
import { isServiceKeyToken, verifyServiceKey } from './service-keys.ts'
import { createTokenGroups } from './token-groups.ts'
import type { TokenVerifier } from './token-verifier.ts'

/** An established caller. */
export interface Identity {
  readonly tenant: TenantId
  /** Who acts: the service of a key, or the user. */
  readonly actor: PrincipalId
  /** For whom; absent when a service names nobody. */
  readonly user?: string
  /** May manage principals, keys and sources, and read the audit. */
  readonly administrator: boolean
  /** What a key is for that can do nothing else. */
  readonly writes?: 'pusher' | 'directory'
  /** Sees the traces of all users: an administrator who speaks for nobody else. */
  readonly readsAllTraces: boolean
  /** What the rate limit counts by. */
  readonly credential: string
}

export interface IdentityVerifier {
  /**
   * @throws TouchstoneError AUTHENTICATION_REQUIRED, CREDENTIAL_INVALID, USER_DISABLED, FORBIDDEN, PRINCIPAL_INVALID, ORIGIN_REFUSED, ISSUER_UNAVAILABLE
   */
  identify(headers: IncomingHttpHeaders): Promise<Identity>
  /** @throws TouchstoneError SERVER_UNPROTECTED when others could reach the server and name themselves */
  requireProtection(): Promise<void>
}

type IdentityParts = Pick<Application, 'tenant' | 'credentials' | 'principals'>

/** Acts where nobody is named on an open loopback server. */
const LOCAL = 'service:loopback' as PrincipalId

/** @param tokens present when an issuer is configured */
export function createIdentityVerifier(
  application: IdentityParts,
  options: Pick<HttpOptions, 'host'>,
  tokens: TokenVerifier | undefined,
): IdentityVerifier {
  const { tenant, credentials } = application
  const identifyBearer = createBearerIdentifier(application, tokens)
  // A revoked key counts: taking back the last one must not open the server.
  const isOpen = async (): Promise<boolean> =>
    isLoopbackHost(options.host) && tokens === undefined && (await credentials.list(tenant)).length === 0
  return {
    identify: async (headers) => {
      const open = await isOpen()
      if (open) requireOwnOrigin(headers)
      if (headers.authorization !== undefined) return identifyBearer(headers.authorization, headers)
      if (open) return identityOfLocal(tenant, namedUser(headers))
      throw new TouchstoneError('AUTHENTICATION_REQUIRED')
    },
    requireProtection: async () => {
      if (isLoopbackHost(options.host) || tokens !== undefined) return
      const keys = await credentials.list(tenant)
      if (keys.some((key) => key.revokedAtMs === undefined)) return
      throw new TouchstoneError('SERVER_UNPROTECTED', { details: { host: options.host } })
    },
  }
}

function createBearerIdentifier({ tenant, credentials, principals }: IdentityParts, tokens: TokenVerifier | undefined) {
  const groups = createTokenGroups(principals, tenant)
  async function userOfToken(token: string): Promise<string> {
    if (tokens === undefined) throw invalid('no issuer of tokens is configured')
    const verified = await tokens.verify(token)
    userPrincipal(verified.user)
    await groups.sync(verified)
    return verified.user
  }
  async function identifyKey(token: string, headers: IncomingHttpHeaders): Promise<Identity> {
    const key = await verifyServiceKey(credentials, tenant, token)
    const owner = ownerOf(key)
    // Somebody who was disabled administers no longer, either.
    if (owner !== undefined && (await principals.isBarred(tenant, owner)))
      throw new TouchstoneError('USER_DISABLED', { details: { user: owner } })
    const userToken = textOf(headers['touchstone-user-token'])
    const proven = userToken === undefined ? undefined : await userOfToken(userToken)
    const named = namedUser(headers)
    requireOneUser(proven, named)
    return identityOfKey(key, proven ?? named)
  }
  return async (authorization: string, headers: IncomingHttpHeaders): Promise<Identity> => {
    const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1]
    if (token === undefined) throw invalid('the scheme must be Bearer')
    if (isServiceKeyToken(token)) return identifyKey(token, headers)
    const user = await userOfToken(token)
    requireOneUser(user, namedUser(headers))
    return identityOfUser(tenant, user, false)
  }
}

/** The user for whom the request is made. @throws TouchstoneError AUTHENTICATION_REQUIRED when it names none */
export function toCaller(identity: Identity): CallerIdentity {
  const { tenant, actor, user } = identity
  if (user === undefined) throw new TouchstoneError('AUTHENTICATION_REQUIRED')
  return actor === userPrincipal(user) ? { tenant, user } : { tenant, user, actor }
}

/** The person whom a key speaks for; none when it is a service's. */
function ownerOf({ principal }: ServiceKey): string | undefined {
  return principal.startsWith('user:') ? principal.slice('user:'.length) : undefined
}

function identityOfKey(key: ServiceKey, named: string | undefined): Identity {
  const own = ownerOf(key)
  if (named !== undefined && named !== own && !key.mayActForUsers) {
    throw new TouchstoneError('FORBIDDEN', {
      details: { reason: `the key ${key.id} may not act for other users`, role: `${key.role} that may act for users` },
    })
  }
  const user = named ?? own
  const administrator = key.role === 'admin'
  return {
    tenant: key.tenant,
    actor: key.principal,
    ...(user === undefined ? {} : { user }),
    administrator,
    ...(key.role === 'push' ? { writes: 'pusher' } : key.role === 'directory' ? { writes: 'directory' } : {}),
    readsAllTraces: administrator && user === own,
    credential: `key:${key.id}/${user ?? ''}`,
  }
}

function identityOfUser(tenant: TenantId, user: string, administrator: boolean): Identity {
  return { tenant, actor: userPrincipal(user), user, administrator, readsAllTraces: false, credential: `user:${user}` }
}

/** It is their own machine: whoever sits there administers it, and still reads documents only as the user named. */
function identityOfLocal(tenant: TenantId, user: string | undefined): Identity {
  if (user !== undefined) return identityOfUser(tenant, user, true)
  return { tenant, actor: LOCAL, administrator: true, readsAllTraces: false, credential: LOCAL }
}

function requireOneUser(proven: string | undefined, named: string | undefined): void {
  if (proven === undefined || named === undefined || proven === named) return
  throw new TouchstoneError('FORBIDDEN', {
    details: { reason: 'token and header name different users', role: 'ask that may act for users' },
  })
}

/** The header's bytes are UTF-8; Node hands them over as Latin-1. */
function namedUser(headers: IncomingHttpHeaders): string | undefined {
  const raw = textOf(headers['touchstone-user'])
  if (raw === undefined) return undefined
  const user = Buffer.from(raw, 'latin1').toString('utf8')
  userPrincipal(user)
  return user
}

function textOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : header
  return text === undefined || text === '' ? undefined : text
}

function invalid(reason: string): TouchstoneError {
  return new TouchstoneError('CREDENTIAL_INVALID', { details: { reason } })
}
