/** Verifies JWTs of one issuer against its published keys. Knows claims; knows nothing of users in the directory. */
import { type JWTPayload, createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { IssuerOptions } from './http-options.ts'
import { isLoopbackHost } from './loopback.ts'

/** What a verified token says. */
export interface VerifiedToken {
  readonly user: string
  readonly name: string
  /** Present when the issuer is the authority on groups. */
  readonly groups?: readonly string[]
  /** Seconds since the epoch; 0 when the token does not say. */
  readonly issuedAt: number
}

export interface TokenVerifier {
  /** @throws TouchstoneError CREDENTIAL_INVALID, ISSUER_UNAVAILABLE */
  verify(token: string): Promise<VerifiedToken>
}

// Asymmetric only: with `none` or HMAC allowed, anybody who can read the public keys could sign.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const FETCH_TIMEOUT_MS = 5_000
const TOLERANCE_SECONDS = 30

/**
 * @param cooldownMs least time between two fetches of the keys, so that tokens with invented key ids cannot hammer the issuer
 * @throws TouchstoneError CONFIG_INVALID when an address is neither https nor loopback
 */
export function createTokenVerifier(options: IssuerOptions, clock: Clock, cooldownMs = 30_000): TokenVerifier {
  if (options.jwksUrl !== undefined) parseTrustedUrl(options.jwksUrl, 'server.auth.issuer.jwksUrl')
  else parseTrustedUrl(options.issuer, 'server.auth.issuer.issuer')
  let keySet: ReturnType<typeof createRemoteJWKSet> | undefined
  const keys = async (): Promise<ReturnType<typeof createRemoteJWKSet>> => {
    const url = new URL(options.jwksUrl ?? (await discoverKeys(options.issuer)))
    return createRemoteJWKSet(url, { timeoutDuration: FETCH_TIMEOUT_MS, cooldownDuration: cooldownMs })
  }
  return {
    verify: async (token) => {
      try {
        keySet ??= await keys()
        const { payload } = await jwtVerify(token, keySet, {
          algorithms: ALGORITHMS,
          issuer: options.issuer,
          audience: options.audience,
          clockTolerance: TOLERANCE_SECONDS,
          currentDate: new Date(clock.now()),
          requiredClaims: ['exp'],
        })
        return readClaims(payload, options)
      } catch (error) {
        throw toCredentialError(error)
      }
    },
  }
}

function readClaims(payload: JWTPayload, options: IssuerOptions): VerifiedToken {
  const user = payload[options.userClaim]
  if (typeof user !== 'string' || user === '') throw invalid(`its claim ${options.userClaim} names no user`)
  const name = typeof payload['name'] === 'string' ? payload['name'] : user
  const issuedAt = payload.iat ?? 0
  if (options.groupsClaim === undefined) return { user, name, issuedAt }
  const groups = payload[options.groupsClaim]
  // A missing list is not an empty one: without its groups a person would also escape what is denied to them.
  if (!Array.isArray(groups)) throw invalid(`its claim ${options.groupsClaim} lists no groups`)
  return { user, name, issuedAt, groups: groups.filter((group) => typeof group === 'string') }
}

async function discoverKeys(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  })
  const found: unknown = await response.json()
  if (found === null || typeof found !== 'object' || !('issuer' in found) || !('jwks_uri' in found)) throw unavailable()
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string') throw unavailable()
  return parseTrustedUrl(found.jwks_uri, 'jwks_uri of the issuer').href
}

function parseTrustedUrl(text: string, setting: string): URL {
  const url = URL.parse(text)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))) return url
  const problems = [`${setting}: ${text} is neither an https address nor http on loopback`]
  throw new TouchstoneError('CONFIG_INVALID', { details: { path: 'server.auth', count: problems.length, problems } })
}

function toCredentialError(error: unknown): TouchstoneError {
  if (error instanceof TouchstoneError) return error
  if (error instanceof errors.JWTExpired) return invalid('it has expired')
  if (error instanceof errors.JWTClaimValidationFailed) return invalid(`its claim ${error.claim} is not accepted`)
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('its algorithm is not accepted')
  const isRemote =
    error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || !(error instanceof errors.JOSEError)
  // jose reports a failed fetch of the keys with its base class.
  if (isRemote || error.code === 'ERR_JOSE_GENERIC') return unavailable(error)
  return invalid('its signature does not verify')
}

function invalid(reason: string): TouchstoneError {
  return new TouchstoneError('CREDENTIAL_INVALID', { details: { reason } })
}

function unavailable(cause?: unknown): TouchstoneError {
  return new TouchstoneError('ISSUER_UNAVAILABLE', { cause })
}
