/** A directory service keeps users and groups by SCIM 2.0: what Microsoft Entra ID and Okta send, and what people may read after each step. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ComposedApplication } from '../../src/app/compose.ts'
import type { PrincipalId } from '../../src/contracts/identity.ts'
import { ingest, openApplication, readablePaths } from '../fixtures/application.ts'
import { giveKey, startServer } from '../fixtures/http-server.ts'
import { temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const config = {
  sources: {
    docs: {
      kind: 'folder',
      path: 'docs',
      access: [
        { path: 'finance.md', readers: ['group:Finance-Europe'] },
        { path: 'staff.md', readers: ['everyone'], deny: ['user:old@x.org'] },
        { path: 'company.md', readers: ['group:Company'] },
      ],
    },
  },
  access: { users: { carla: {}, dora: { groups: ['board', 'undeclared'] } }, groups: { board: {} } },
}
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

type Json = Record<string, unknown>
interface Scim {
  readonly application: ComposedApplication
  readonly folder: string
  send(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Json; headers: Headers }>
  patch(path: string, ...operations: object[]): Promise<{ status: number; body: Json }>
  readable(user: string): Promise<string[] | string>
}

async function scim(context: TestContext): Promise<Scim> {
  const folder = await temporaryFolder(context)
  await writeFiles(folder, { 'docs/finance.md': '# Finance\n\nMargin.', 'docs/staff.md': '# Staff\n\nLunch.', 'docs/company.md': '# All\n\nHello.' }) // prettier-ignore
  const application = await openApplication(context, folder, config)
  await ingest(application)
  const { url } = await startServer(context, application)
  const key = await giveKey(application, { role: 'directory', name: 'entra' })
  const send: Scim['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/scim/v2/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (text !== '') assert.match(response.headers.get('content-type') ?? '', /^application\/scim\+json/, path)
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json), headers: response.headers }
  }
  return {
    application,
    folder,
    send,
    patch: (path, ...Operations) => send('PATCH', path, { schemas: [PATCH], Operations }),
    readable: (user) =>
      readablePaths(application, user).then(
        (paths) => paths.sort(),
        (error: { code: string }) => error.code,
      ),
  }
}

/** As Entra ID sends it. */
function entraUser(userName: string, changes: Json = {}): Json {
  return {
    schemas: [USER, ENTERPRISE],
    externalId: `ext-${userName}`,
    userName,
    active: true,
    displayName: `Display ${userName}`,
    emails: [{ primary: true, type: 'work', value: `${userName}` }],
    meta: { resourceType: 'User' },
    name: { formatted: 'Given Family', familyName: 'Family', givenName: 'Given' },
    roles: [],
    [ENTERPRISE]: { department: 'Sales' },
    ...changes,
  }
}

test('Entra ID: look up, create, put into groups, take out, disable, delete [H2, A4]', async (context) => {
  const { send, patch, readable } = await scim(context)
  const lookup = (): Promise<{ body: Json }> => send('GET', `Users?filter=${encodeURIComponent('userName eq "ann@x.org"')}`)
  assert.equal((await lookup()).body['totalResults'], 0)
  const made = await send('POST', 'Users', entraUser('ann@x.org'))
  assert.equal(made.status, 201)
  const id = String(made.body['id'])
  assert.deepEqual([made.headers.get('location'), made.headers.get('etag')], [`/scim/v2/Users/${id}`, 'W/"1"'])
  assert.equal((await lookup()).body['totalResults'], 1)
  assert.deepEqual(await readable('ann@x.org'), ['staff.md'])
  const group = await send('POST', 'Groups', { schemas: [GROUP], externalId: 'g-1', displayName: 'Finance Europe', members: [] })
  assert.equal(group.status, 201)
  const groupPath = `Groups/${String(group.body['id'])}`
  const found = await send(
    'GET',
    `Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "finance europe"')}`,
  )
  assert.equal(found.body['totalResults'], 1)
  assert.equal((await patch(groupPath, { op: 'Add', path: 'members', value: [{ $ref: null, value: id }] })).status, 200)
  assert.deepEqual(await readable('ann@x.org'), ['finance.md', 'staff.md'])
  const isIn = await send(
    'GET',
    `Groups?filter=${encodeURIComponent(`id eq "${String(group.body['id'])}" and members eq "${id}"`)}`,
  )
  assert.equal(isIn.body['totalResults'], 1)
  await patch(groupPath, { op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] })
  assert.deepEqual(await readable('ann@x.org'), ['staff.md'], 'taken out: nothing at the next query')
  await patch(groupPath, { op: 'add', path: 'members', value: [{ value: id }] })
  await patch(`Users/${id}`, { op: 'Replace', path: 'active', value: 'False' })
  assert.equal(await readable('ann@x.org'), 'USER_DISABLED')
  await patch(
    `Users/${id}`,
    { op: 'Add', path: 'name.familyName', value: 'New' },
    { op: 'Replace', path: `${ENTERPRISE}:department`, value: 'Ops' },
  )
  assert.equal(await readable('ann@x.org'), 'USER_DISABLED', 'another edit enables nobody')
  await patch(`Users/${id}`, { op: 'Replace', path: 'active', value: 'True' })
  assert.deepEqual(await readable('ann@x.org'), ['finance.md', 'staff.md'])
  assert.equal((await send('DELETE', groupPath)).status, 204)
  assert.deepEqual(await readable('ann@x.org'), ['staff.md'])
  assert.equal((await send('DELETE', `Users/${id}`)).status, 204)
  assert.equal(await readable('ann@x.org'), 'USER_UNKNOWN')
  assert.equal((await send('GET', `Users/${id}`)).status, 404)
})

test('Okta: probe, create, replace, deactivate by PUT and by PATCH, push a group [H2]', async (context) => {
  const { send, patch, readable } = await scim(context)
  const probe = await send('GET', 'Users?startIndex=1&count=2')
  assert.deepEqual([probe.body['totalResults'], probe.body['startIndex'], probe.body['Resources']], [0, 1, []])
  const body = { schemas: [USER], userName: 'bo@x.org', name: { givenName: 'Bo', familyName: 'Li' }, emails: [{ primary: true, value: 'bo@x.org', type: 'work' }], displayName: 'Bo Li', locale: 'en-US', externalId: '00u1', groups: [], password: '1mz050nq', active: true } // prettier-ignore
  const made = await send('POST', 'Users', body)
  const path = `Users/${String(made.body['id'])}`
  assert.equal(JSON.stringify(made.body).includes('1mz050nq'), false, 'a password is neither kept nor shown')
  assert.equal((await send('GET', `Users?filter=${encodeURIComponent('externalId eq "00u1"')}`)).body['totalResults'], 1)
  assert.equal((await send('PUT', path, { ...body, active: false })).body['active'], false)
  const { active: _, ...silent } = body
  assert.equal((await send('PUT', path, silent)).body['active'], false, 'silence enables nobody')
  assert.equal(await readable('bo@x.org'), 'USER_DISABLED')
  await patch(path, { op: 'replace', value: { active: true } })
  assert.deepEqual(await readable('bo@x.org'), ['staff.md'])
  const member = { value: made.body['id'], display: 'bo@x.org' }
  const group = await send('POST', 'Groups', { schemas: [GROUP], displayName: 'Finance-Europe', members: [member] })
  assert.deepEqual(await readable('bo@x.org'), ['finance.md', 'staff.md'])
  await patch(`Groups/${String(group.body['id'])}`, {
    op: 'replace',
    value: { id: group.body['id'], displayName: 'Finance (renamed)' },
  })
  assert.deepEqual(await readable('bo@x.org'), ['finance.md', 'staff.md'], 'rules go on to mean the group')
  assert.deepEqual((await send('GET', path)).body['groups'], [{ value: group.body['id'], $ref: `/scim/v2/Groups/${String(group.body['id'])}`, display: 'Finance (renamed)' }]) // prettier-ignore
})

test('groups nest, and a member that leaves the inner one loses what the outer gave [H2, A4]', async (context) => {
  const { send, patch, readable } = await scim(context)
  const { body: ann } = await send('POST', 'Users', entraUser('ann'))
  const { body: inner } = await send('POST', 'Groups', { displayName: 'Inner', members: [{ value: ann['id'] }] })
  const { body: outer } = await send('POST', 'Groups', { displayName: 'Company', members: [{ value: inner['id'] }] })
  await patch(`Groups/${String(inner['id'])}`, { op: 'add', path: 'members', value: [{ value: outer['id'] }] })
  assert.deepEqual(await readable('ann'), ['company.md', 'staff.md'], 'a circle does no harm')
  await patch(`Groups/${String(inner['id'])}`, { op: 'remove', path: `members[value eq "${String(ann['id'])}"]` })
  assert.deepEqual(await readable('ann'), ['staff.md'])
})

test('who declares whom: neither takes the other over, and who was removed stays removed [H2, A4]', async (context) => {
  const { send, application, folder, readable } = await scim(context)
  const { principals, tenant } = application
  for (const name of ['carla', 'CARLA']) {
    const refused = await send('POST', 'Users', entraUser(name))
    assert.equal(refused.status, name === 'carla' ? 409 : 201, 'user ids of permissions are exact')
  }
  for (const displayName of ['board', 'undeclared']) {
    const taken = await send('POST', 'Groups', { displayName })
    assert.deepEqual([taken.status, taken.body['scimType'], taken.body['status']], [409, 'uniqueness', '409'], displayName)
  }
  const { body } = await send('POST', 'Users', entraUser('ann'))
  assert.equal((await send('POST', 'Users', entraUser('ANN'))).status, 409)
  const user = { id: 'ann', name: 'Ann', disabled: false, groups: ['board'] }
  await assert.rejects(principals.putUser(tenant, user, 'api'), { code: 'PRINCIPAL_PROVISIONED' })
  await assert.rejects(principals.deleteUser(tenant, 'ann'), { code: 'PRINCIPAL_PROVISIONED' })
  await principals.putUser(tenant, user, 'token')
  assert.deepEqual((await principals.users(tenant)).find(({ id }) => id === 'ann')?.groups, [], 'a token adds no group')
  await send('DELETE', `Users/${String(body['id'])}`)
  await principals.putUser(tenant, user, 'token')
  assert.equal(await readable('ann'), 'USER_UNKNOWN', 'a token brings nobody back')
  const again = await openApplication(context, folder, { ...config, access: { users: { ann: {} } } })
  assert.equal(await readablePaths(again, 'ann').catch((error: { code: string }) => error.code), 'USER_UNKNOWN')
  assert.equal((await send('POST', 'Users', entraUser('ann'))).status, 201, 'the directory does')
})

test('a renamed user keeps groups and denials; the old name is gone [H2, A4]', async (context) => {
  const { send, patch, readable } = await scim(context)
  const { body } = await send('POST', 'Users', entraUser('old@x.org'))
  const path = `Users/${String(body['id'])}`
  await send('POST', 'Groups', { displayName: 'Finance Europe', members: [{ value: body['id'] }] })
  assert.deepEqual(await readable('old@x.org'), ['finance.md'])
  await patch(path, { op: 'Replace', path: 'userName', value: 'new@x.org' })
  assert.deepEqual(await readable('new@x.org'), ['finance.md'], 'still denied')
  assert.equal(await readable('old@x.org'), 'USER_UNKNOWN')
  await patch(path, { op: 'Replace', path: 'userName', value: 'old@x.org' })
  assert.deepEqual(await readable('old@x.org'), ['finance.md'])
})

test('lists are paged, projected and counted; versions guard edits [H2]', async (context) => {
  const { send } = await scim(context)
  for (let at = 0; at < 5; at++) await send('POST', 'Users', entraUser(`user-${at}`, { active: at % 2 === 0 }))
  const names = async (query: string): Promise<unknown[]> =>
    ((await send('GET', `Users?${query}`)).body['Resources'] as Json[]).map((user) => user['userName'])
  assert.deepEqual(await names('startIndex=2&count=2'), ['user-1', 'user-2'])
  assert.deepEqual(await names('startIndex=0&count=1'), ['user-0'])
  assert.deepEqual(await names('count=0'), [])
  assert.deepEqual(await names(`filter=${encodeURIComponent('active eq false and not (userName sw "user-3")')}`), ['user-1'])
  const { body } = await send('GET', `Users?attributes=userName&filter=${encodeURIComponent('userName eq "user-1"')}`)
  const [user] = body['Resources'] as [Json]
  assert.deepEqual(Object.keys(user).sort(), ['id', 'meta', 'schemas', 'userName'])
  const path = `Users/${String(user['id'])}`
  const change = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value: 'x' }] }
  assert.equal((await send('PATCH', path, change, { 'if-match': 'W/"9"' })).status, 412)
  assert.equal((await send('PATCH', path, change, { 'if-match': 'W/"1"' })).headers.get('etag'), 'W/"2"')
  assert.equal((await send('PATCH', path, change)).headers.get('etag'), 'W/"2"', 'nothing changed, nothing counted')
  assert.equal((await send('GET', path, undefined, { 'if-none-match': 'W/"2"' })).status, 304)
})

test('errors have the form of RFC 7644, discovery describes what there is, and the key does nothing else [H2, D1]', async (context) => {
  const { send, patch, application } = await scim(context)
  const { body: user } = await send('POST', 'Users', entraUser('ann'))
  const path = `Users/${String(user['id'])}`
  const cases: readonly (readonly [Promise<{ status: number; body: Json }>, number, string | undefined])[] = [
    [send('GET', 'Users?filter=userName%20is%20x'), 400, 'invalidFilter'],
    [send('POST', 'Users', { schemas: [USER] }), 400, 'invalidValue'],
    [send('POST', 'Users', entraUser('white space')), 400, 'invalidValue'],
    [send('POST', 'Users', entraUser('x', { active: 'perhaps' })), 400, 'invalidValue'],
    [send('POST', 'Groups', { displayName: 'G', members: [{ value: 'nobody' }] }), 400, 'invalidValue'],
    [patch(path, { op: 'replace', path: 'emails[', value: 1 }), 400, 'invalidPath'],
    [patch(path, { op: 'remove', path: 'userName' }), 400, 'invalidValue'],
    [send('PATCH', path, {}), 400, 'invalidSyntax'],
    [send('GET', 'Users/none'), 404, undefined],
    [send('GET', 'Users', undefined, { authorization: 'Bearer x' }), 401, undefined],
  ]
  for (const [sent, status, scimType] of cases) {
    const { status: told, body } = await sent
    assert.deepEqual([told, body['scimType'], body['status']], [status, scimType, String(status)], JSON.stringify(body))
    assert.deepEqual(body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error'])
  }
  assert.equal((await send('GET', `Groups?filter=${encodeURIComponent('displayName eq "G"')}`)).body['totalResults'], 0, 'a refused group leaves nothing') // prettier-ignore
  const { body: schemas } = await send('GET', 'Schemas')
  for (const { id } of schemas['Resources'] as { id: string }[]) assert.equal((await send('GET', `Schemas/${id}`)).body['id'], id)
  assert.equal((await send('GET', 'ResourceTypes/User')).body['endpoint'], '/Users')
  assert.deepEqual((await send('GET', 'ServiceProviderConfig')).body['patch'], { supported: true })
  const { items } = { items: await application.audit.recent(application.tenant, 100) }
  assert.ok(
    items.some(
      ({ actor, action, target }) => actor === 'service:portal' && action === 'directory.create' && target === 'user/ann',
    ),
  )
})

test('who is disabled or removed administers no longer, whatever key they hold [H2, A4]', async (context) => {
  const { send, patch, application } = await scim(context)
  const { url } = await startServer(context, application)
  const { body } = await send('POST', 'Users', entraUser('ann'))
  const path = `Users/${String(body['id'])}`
  const key = await giveKey(application, { role: 'admin', principal: 'user:ann' as PrincipalId })
  const manage = async (): Promise<number> =>
    (await fetch(`${url}/v1/principals`, { headers: { authorization: `Bearer ${key}` } })).status
  assert.equal(await manage(), 200)
  await patch(path, { op: 'replace', path: 'active', value: false })
  assert.equal(await manage(), 403)
  await patch(path, { op: 'replace', path: 'active', value: true })
  assert.equal(await manage(), 200)
  await send('DELETE', path)
  assert.equal(await manage(), 403)
})
