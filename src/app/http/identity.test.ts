/** Who a request speaks for: keys, tokens, headers, in every combination that matters. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { giveKey, memoryApplication, type MemoryApplication, startServer, TENANT } from '../../../test/fixtures/http-server.ts'
import type { PrincipalId, TenantId } from '../../contracts/identity.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { systemIds } from '../../foundation/concurrency/random.ts'
import { createServiceKey } from './service-keys.ts'
import { createTokenVerifier } from './token-verifier.ts'

interface Issuer {
  readonly url: string
  readonly key: CryptoKey
  /** Requests for the keys so far. */
  readonly fetches: () => number
  rotate(): Promise<void>
  sign(claims?: Record<string, unknown>, changes?: { kid?: string; key?: CryptoKey | Uint8Array; alg?: string }): Promise<string>
}

async function startIssuer(context: TestContext): Promise<Issuer> {
  let generation = 1
  let pair = await generateKeyPair('ES256')
  let fetches = 0
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }))
      return
    }
    fetches++
    void exportJWK(pair.publicKey).then((jwk) =>
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: `k${generation}`, alg: 'ES256' }] })),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const seconds = Math.floor(Date.now() / 1000)
  return {
    url,
    get key() {
      return pair.privateKey
    },
    fetches: () => fetches,
    rotate: async () => {
      generation++
      pair = await generateKeyPair('ES256')
    },
    sign: (claims = {}, changes = {}) =>
      new SignJWT({ iss: url, aud: 'touchstone', sub: 'maria', iat: seconds, exp: seconds + 300, ...claims })
        .setProtectedHeader({ alg: changes.alg ?? 'ES256', kid: changes.kid ?? `k${generation}` })
        .sign(changes.key ?? pair.privateKey),
  }
}

const USER = { 'touchstone-user': 'maria' }
const issuerOptions = (url: string) => ({ issuer: url, audience: 'touchstone', userClaim: 'sub' })

/** Which `user` and `actor` reach the application, or the code of the refusal. */
async function outcome(
  application: MemoryApplication,
  call: (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>,
  headers: Record<string, string>,
): Promise<string> {
  const before = application.entries.length
  const response = await call('POST', '/v1/features/answers/search', { query: 'x' }, headers)
  if (response.status !== 200) return ((await response.json()) as { code: string }).code
  const entry = application.entries[before]!
  return entry.onBehalfOf === undefined ? entry.actor : `${entry.actor} for ${entry.onBehalfOf}`
}

test('who speaks, by service key and header [H2]', async (context) => {
  const application = memoryApplication()
  const open = await startServer(context, application)
  assert.equal(await outcome(application, open.call, USER), 'user:maria', 'open loopback')
  assert.equal(await outcome(application, open.call, {}), 'AUTHENTICATION_REQUIRED')
  assert.equal(await outcome(application, open.call, { ...USER, authorization: 'Bearer ts_x' }), 'CREDENTIAL_INVALID')

  const ask = await giveKey(application)
  const acting = await giveKey(application, { mayActForUsers: true })
  const own = await giveKey(application, { principal: 'user:maria' as PrincipalId })
  const admin = await giveKey(application, { role: 'admin', principal: 'service:ops' as PrincipalId })
  const foreign = await giveKey(application, { tenant: 'other' as TenantId, mayActForUsers: true })
  const revoked = await giveKey(application, { mayActForUsers: true })
  await application.credentials.revoke(TENANT, revoked.split('_')[1]!)
  const flipped = acting.slice(0, -2) + (acting.at(-2) === 'A' ? 'B' : 'A') + acting.at(-1)!
  const rows: readonly [why: string, expected: string, authorization: string | undefined, headers?: Record<string, string>][] = [
    ['the header alone, once keys exist', 'AUTHENTICATION_REQUIRED', undefined, USER],
    ['nothing at all', 'AUTHENTICATION_REQUIRED', undefined],
    ['a service for a user', 'service:portal for maria', `Bearer ${acting}`, USER],
    ['the scheme in lower case', 'service:portal for maria', `bearer ${acting}`, USER],
    ['a service for nobody', 'AUTHENTICATION_REQUIRED', `Bearer ${acting}`],
    ['a service that may not act for users', 'FORBIDDEN', `Bearer ${ask}`, USER],
    ['an administrator that may not act for users', 'FORBIDDEN', `Bearer ${admin}`, USER],
    ['a key that is a user', 'user:maria', `Bearer ${own}`],
    ['a key that is a user, named again', 'user:maria', `Bearer ${own}`, USER],
    ['a key that is a user, naming another', 'FORBIDDEN', `Bearer ${own}`, { 'touchstone-user': 'tom' }],
    ['an unknown user', 'USER_UNKNOWN', `Bearer ${acting}`, { 'touchstone-user': 'nobody' }],
    ['a spelling that is no user', 'PRINCIPAL_INVALID', `Bearer ${acting}`, { 'touchstone-user': 'user:maria' }],
    ['a wrong secret', 'CREDENTIAL_INVALID', `Bearer ${flipped}`, USER],
    ['half a key', 'CREDENTIAL_INVALID', `Bearer ${acting.slice(0, 30)}`, USER],
    ['an unknown key', 'CREDENTIAL_INVALID', `Bearer ts_${'0'.repeat(16)}_${'A'.repeat(43)}`, USER],
    ['a revoked key', 'CREDENTIAL_INVALID', `Bearer ${revoked}`, USER],
    ['a key of another tenant', 'CREDENTIAL_INVALID', `Bearer ${foreign}`, USER],
    ['another scheme', 'CREDENTIAL_INVALID', `Basic ${Buffer.from('a:b').toString('base64')}`, USER],
    ['an empty token', 'CREDENTIAL_INVALID', 'Bearer', USER],
    ['a JWT without an issuer', 'CREDENTIAL_INVALID', 'Bearer a.b.c'],
    ['a user token without an issuer', 'CREDENTIAL_INVALID', `Bearer ${acting}`, { 'touchstone-user-token': 'a.b.c' }],
  ]
  for (const [why, expected, authorization, headers] of rows) {
    await context.test(why, async () => {
      const sent = authorization === undefined ? { ...headers } : { ...headers, authorization }
      assert.equal(await outcome(application, open.call, sent), expected)
    })
  }
})

test('what each role may do [H2]', async (context) => {
  const application = memoryApplication()
  const { call } = await startServer(context, application)
  const admin = await giveKey(application, { role: 'admin', principal: 'service:ops' as PrincipalId })
  const adminUser = await giveKey(application, { role: 'admin', principal: 'user:maria' as PrincipalId })
  const actingAdmin = await giveKey(application, { role: 'admin', mayActForUsers: true })
  const own = await giveKey(application, { principal: 'user:maria' as PrincipalId })
  const status = async (token: string, method: string, path: string, user?: string): Promise<number> =>
    (
      await call(method, path, undefined, {
        authorization: `Bearer ${token}`,
        ...(user === undefined ? {} : { 'touchstone-user': user }),
      })
    ).status
  for (const path of ['/v1/principals', '/v1/audit', '/v1/keys', '/v1/sources']) {
    assert.deepEqual([await status(admin, 'GET', path), await status(own, 'GET', path)], [200, 403], path)
  }
  assert.equal(await status(own, 'DELETE', '/v1/principals/users/tom'), 403)
  assert.equal(await status(admin, 'GET', '/v1/documents'), 401, 'reading needs a user')
  const tracesOf = async (token: string, headers = {}): Promise<string> => {
    const response = await call('GET', '/v1/traces', undefined, { authorization: `Bearer ${token}`, ...headers })
    return ((await response.json()) as { items: { user: string }[] }).items[0]!.user
  }
  assert.equal(await tracesOf(admin), 'everybody')
  assert.equal(await tracesOf(adminUser), 'everybody')
  assert.equal(await tracesOf(actingAdmin, { 'touchstone-user': 'tom' }), 'tom', 'for a user, only what the user sees')
  assert.equal(await tracesOf(own), 'maria')
})

test('keys are made, shown once, and revoked over HTTP; the first one closes the open door [H2]', async (context) => {
  const application = memoryApplication()
  const { call } = await startServer(context, application)
  assert.equal((await call('POST', '/v1/keys', { name: 'x', principal: 'group:sales' })).status, 400)
  assert.equal((await call('POST', '/v1/keys', { name: 'x', principal: 'user:maria', mayActForUsers: true })).status, 400)
  const made = await call('POST', '/v1/keys', { name: 'ops', principal: 'service:ops', role: 'admin' })
  assert.equal(made.status, 201)
  const { key, token } = (await made.json()) as { key: { id: string }; token: string }
  assert.match(token, /^ts_[0-9a-f]{16}_[\w-]{43}$/)
  assert.equal((await call('GET', '/v1/keys')).status, 401, 'the header alone is no longer enough')
  const headers = { authorization: `Bearer ${token}` }
  const listed = await (await call('GET', '/v1/keys', undefined, headers)).text()
  assert.ok(!listed.includes(token.split('_')[2]!) && !listed.includes('secretHash'))
  assert.equal((await call('DELETE', '/v1/keys/none', undefined, headers)).status, 404)
  assert.equal((await call('DELETE', `/v1/keys/${key.id}`, undefined, headers)).status, 204)
  assert.equal((await call('GET', '/v1/keys', undefined, headers)).status, 401, 'revoked at once')
  assert.equal((await call('GET', '/v1/keys')).status, 401, 'and the door stays closed')
})

test('stored keys hold no secret [H4]', async () => {
  const stored: string[] = []
  const application = memoryApplication()
  const { create } = application.credentials
  const store = {
    ...application.credentials,
    create: async (...row: Parameters<typeof create>) => {
      stored.push(JSON.stringify(row))
      await create(...row)
    },
  }
  const wanted = { tenant: TENANT, name: 'x', principal: 'service:x' as PrincipalId, role: 'ask', mayActForUsers: false } as const
  const { token } = await createServiceKey(store, wanted, systemIds.bytes)
  assert.ok(!stored.join().includes(token.slice(20)))
})

test('who speaks, by token of the issuer [H2]', async (context) => {
  const issuer = await startIssuer(context)
  const application = memoryApplication()
  const { call } = await startServer(context, application, { auth: { issuer: issuerOptions(issuer.url) } })
  const acting = await giveKey(application, { mayActForUsers: true })
  const ask = await giveKey(application)
  const stranger = await generateKeyPair('ES256')
  const now = Math.floor(Date.now() / 1000)
  const good = await issuer.sign()
  const [head, , signature] = good.split('.')
  const forged = `${head}.${Buffer.from(JSON.stringify({ iss: issuer.url, aud: 'touchstone', sub: 'tom', exp: now + 99 })).toString('base64url')}.${signature}`
  const rows: readonly [why: string, expected: string, token: string, headers?: Record<string, string>][] = [
    ['a good token', 'user:maria', good],
    ['a good token and the same name', 'user:maria', good, USER],
    ['a good token and another name', 'FORBIDDEN', good, { 'touchstone-user': 'tom' }],
    ['several audiences', 'user:maria', await issuer.sign({ aud: ['other', 'touchstone'] })],
    ['expired within the tolerance', 'user:maria', await issuer.sign({ exp: now - 10 })],
    ['expired', 'CREDENTIAL_INVALID', await issuer.sign({ exp: now - 120 })],
    ['without expiry', 'CREDENTIAL_INVALID', await issuer.sign({ exp: undefined })],
    ['not yet valid', 'CREDENTIAL_INVALID', await issuer.sign({ nbf: now + 300 })],
    ['another audience', 'CREDENTIAL_INVALID', await issuer.sign({ aud: 'other' })],
    ['another issuer', 'CREDENTIAL_INVALID', await issuer.sign({ iss: 'https://evil.example' })],
    ['without a user', 'CREDENTIAL_INVALID', await issuer.sign({ sub: undefined })],
    ['a user who is none', 'PRINCIPAL_INVALID', await issuer.sign({ sub: 'a b' })],
    ['a user nobody knows', 'USER_UNKNOWN', await issuer.sign({ sub: 'nobody' })],
    ['signed by a stranger', 'CREDENTIAL_INVALID', await issuer.sign({}, { key: stranger.privateKey })],
    ['an unknown key id', 'CREDENTIAL_INVALID', await issuer.sign({}, { kid: 'k9' })],
    [
      'algorithm none',
      'CREDENTIAL_INVALID',
      new UnsecuredJWT({ iss: issuer.url, aud: 'touchstone', sub: 'maria', exp: now + 99 }).encode(),
    ],
    ['a shared secret', 'CREDENTIAL_INVALID', await issuer.sign({}, { alg: 'HS256', key: new Uint8Array(32) })],
    ['changed claims', 'CREDENTIAL_INVALID', forged],
    ['nonsense', 'CREDENTIAL_INVALID', 'not-a-token'],
    ['a service with the own token of the user', 'service:portal for maria', acting, { 'touchstone-user-token': good }],
    ['a service with a bad token of the user', 'CREDENTIAL_INVALID', acting, { 'touchstone-user-token': forged }],
    ['a service with token and another name', 'FORBIDDEN', acting, { 'touchstone-user-token': good, 'touchstone-user': 'tom' }],
    ['a service that may not act, with a token', 'FORBIDDEN', ask, { 'touchstone-user-token': good }],
  ]
  for (const [why, expected, token, headers] of rows) {
    await context.test(why, async () => {
      assert.equal(await outcome(application, call, { ...headers, authorization: `Bearer ${token}` }), expected)
    })
  }
  assert.equal(
    (await call('GET', '/v1/audit', undefined, { authorization: `Bearer ${good}` })).status,
    403,
    'a token is no administrator',
  )
})

test('an issuer makes header and loopback not enough, also without keys [H2]', async (context) => {
  const issuer = await startIssuer(context)
  const application = memoryApplication()
  const { call } = await startServer(context, application, { auth: { issuer: issuerOptions(issuer.url) } })
  assert.equal(await outcome(application, call, USER), 'AUTHENTICATION_REQUIRED')
  assert.equal(issuer.fetches(), 0, 'and nobody asks the issuer before a token comes')
})

test('keys of the issuer rotate; invented key ids do not hammer it [H2]', async (context) => {
  const issuer = await startIssuer(context)
  const verifier = createTokenVerifier(issuerOptions(issuer.url), systemClock, 40)
  assert.equal((await verifier.verify(await issuer.sign())).user, 'maria')
  const old = await issuer.sign()
  await issuer.rotate()
  await new Promise((resolve) => setTimeout(resolve, 60))
  assert.equal((await verifier.verify(await issuer.sign())).user, 'maria')
  await assert.rejects(verifier.verify(old), { code: 'CREDENTIAL_INVALID' })
  const before = issuer.fetches()
  const patient = createTokenVerifier(issuerOptions(issuer.url), systemClock)
  for (let attempt = 0; attempt < 5; attempt++) {
    await assert.rejects(patient.verify(await issuer.sign({}, { kid: `invented-${attempt}` })), { code: 'CREDENTIAL_INVALID' })
  }
  assert.equal(issuer.fetches() - before, 1)
})

test('an issuer that cannot be reached is a passing fault that names no address [H4]', async (context) => {
  const issuer = await startIssuer(context)
  const application = memoryApplication()
  const options = { ...issuerOptions(issuer.url), jwksUrl: 'http://127.0.0.1:9/keys' }
  const { call } = await startServer(context, application, { auth: { issuer: options } })
  const response = await call('GET', '/v1/documents', undefined, { authorization: `Bearer ${await issuer.sign()}` })
  const text = await response.text()
  assert.equal(response.status, 503)
  assert.equal(response.headers.get('retry-after'), '1')
  assert.doesNotMatch(text, /127\.0\.0\.1/)
})

test('addresses of an issuer must be https, or http on loopback [H2]', () => {
  const make = (issuer: string, jwksUrl?: string) => () =>
    createTokenVerifier({ ...issuerOptions(issuer), ...(jwksUrl === undefined ? {} : { jwksUrl }) }, systemClock)
  assert.doesNotThrow(make('https://login.example'))
  assert.doesNotThrow(make('http://localhost:8080'))
  assert.throws(make('http://login.example'), { code: 'CONFIG_INVALID' })
  assert.throws(make('https://login.example', 'http://keys.example'), { code: 'CONFIG_INVALID' })
  assert.throws(make('login'), { code: 'CONFIG_INVALID' })
})

test("the token's groups reach the directory, only when they differ, and never from an older token [A4]", async (context) => {
  const issuer = await startIssuer(context)
  const application = memoryApplication()
  const options = { ...issuerOptions(issuer.url), groupsClaim: 'groups' }
  const { call } = await startServer(context, application, { auth: { issuer: options } })
  const now = Math.floor(Date.now() / 1000)
  const use = async (claims: Record<string, unknown>): Promise<string> =>
    outcome(application, call, { authorization: `Bearer ${await issuer.sign(claims)}` })
  const puts = (): string[] => application.putUsers.map((user) => `${user.id}:${user.groups.join('+')}`)

  assert.equal(await use({ groups: ['sales'], iat: now - 50 }), 'user:maria')
  assert.deepEqual(puts(), [], 'as the directory already has it')
  await use({ groups: ['sales', 'board', 'sales', 'Domain Users'], iat: now - 40 })
  await use({ groups: ['board', 'sales'], iat: now - 40 })
  assert.deepEqual(puts(), ['maria:board+sales'])
  await use({ groups: [], iat: now - 30 })
  await use({ groups: ['sales', 'board'], iat: now - 40 })
  assert.deepEqual(puts(), ['maria:board+sales', 'maria:'], 'the older token brings nothing back')
  assert.equal(await use({ sub: 'newcomer', name: 'New Comer', groups: ['sales'] }), 'user:newcomer')
  assert.deepEqual(application.putUsers.at(-1), { id: 'newcomer', name: 'New Comer', disabled: false, groups: ['sales'] })
  await use({ sub: 'tom', groups: ['sales'] })
  assert.equal(application.putUsers.at(-1)!.disabled, true, 'a token enables nobody')
  assert.equal(await use({ groups: undefined }), 'CREDENTIAL_INVALID', 'no list is not an empty list')
})
