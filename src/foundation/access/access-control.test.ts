import assert from 'node:assert/strict'
import { after as afterAll, test } from 'node:test'
import fc from 'fast-check'
import { emptyStates } from '../../../test/fixtures/states.ts'
import type { Acl } from '../../contracts/acl.ts'
import type { DocumentId, DocumentVersion, PrincipalId, ScopeId, TenantId } from '../../contracts/identity.ts'
import { publishDocuments } from '../storage/document-writer.ts'
import type { StateDatabase } from '../storage/state-schema.ts'
import { createAccessControl } from './access-control.ts'
import { createPrincipalDirectory } from './principal-directory.ts'
import { putScope } from './scope-repository.ts'

const tenant = 'main' as TenantId
const group = (id: number): string => `g${id}`

interface World {
  readonly users: readonly { readonly disabled: boolean; readonly groups: readonly number[] }[]
  readonly parents: readonly (readonly number[])[]
  readonly acls: readonly (Acl | undefined)[]
}

const principal = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((id) => `group:${group(id)}` as PrincipalId),
  fc.integer({ min: 0, max: 3 }).map((id) => `user:u${id}` as PrincipalId),
  fc.constant('everyone' as PrincipalId),
)
const acl: fc.Arbitrary<Acl> = fc.record({
  deny: fc.array(principal, { maxLength: 2 }),
  all: fc.array(fc.record({ any: fc.array(principal, { maxLength: 3 }) }), { maxLength: 3 }),
})
const world: fc.Arbitrary<World> = fc.record({
  users: fc.array(fc.record({ disabled: fc.boolean(), groups: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  parents: fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 2 }), { minLength: 6, maxLength: 6 }),
  acls: fc.array(fc.option(acl, { nil: undefined }), { minLength: 1, maxLength: 6 }),
})

/** Written again from the definition, without the program's code. */
function oracle(input: World, user: number, rule: Acl | undefined): boolean {
  const who = input.users[user]
  if (who === undefined || who.disabled || rule === undefined) return false
  const groups = new Set(who.groups)
  for (let size = -1; size !== groups.size;) {
    size = groups.size
    for (const id of Array.from(groups)) for (const parent of input.parents[id] ?? []) groups.add(parent)
  }
  const holds = (name: string): boolean =>
    name === 'everyone' || name === `user:u${user}` || [...groups].some((id) => name === `group:${group(id)}`)
  return !rule.deny.some(holds) && rule.all.length > 0 && rule.all.every((clause) => clause.any.some(holds))
}

async function fill(state: StateDatabase, input: World): Promise<ScopeId[]> {
  const users = input.users.map((user, id) => ({
    id: `u${id}`,
    name: '',
    disabled: user.disabled,
    groups: user.groups.map(group),
  }))
  const groups = input.parents.map((parents, id) => ({ id: group(id), name: '', parents: parents.map(group) }))
  await createPrincipalDirectory(state).replaceAll(tenant, 'config', users, groups)
  const scopes: ScopeId[] = []
  for (const [at, rule] of input.acls.entries()) scopes.push(await setRule(state, at, rule))
  return scopes
}

async function setRule(state: StateDatabase, at: number, rule: Acl | undefined): Promise<ScopeId> {
  const declaration = rule ?? {}
  return (await putScope(state, tenant, 's', [{ place: `p${at}`, declaration }])).scope
}

async function publish(state: StateDatabase, scopes: readonly ScopeId[]): Promise<DocumentId[]> {
  const documents = scopes.map((scope, at) => ({ scope, id: `s:d${at}` as DocumentId }))
  await publishDocuments(
    state,
    tenant,
    documents.map(({ id, scope }) => ({
      document: {
        id,
        scope,
        source: 's',
        path: id,
        version: `v-${id}` as DocumentVersion,
        title: id,
        language: 'en',
        mediaType: 'text/plain',
        metadata: {},
        modifiedAtMs: 0,
        indexedAtMs: 0,
      },
      text: id,
      changeMark: '',
      definition: 'x',
      chunks: 1,
    })),
  )
  return documents.map(({ id }) => id)
}

async function decisions(
  state: StateDatabase,
  input: World,
  documents: readonly DocumentId[],
  control = createAccessControl(state),
): Promise<boolean[][]> {
  return Promise.all(
    input.users.map(async (_user, id) => {
      const caller = { tenant, user: `u${id}` }
      const asker = await control.authorise(caller).catch(() => undefined)
      const late = await control.readableNow(caller, documents).catch(() => new Set())
      const rows = await state.selectFrom('documents').select(['id', 'scope']).orderBy('id').execute()
      const early = new Set(asker?.readable.ids ?? [])
      assert.deepEqual(
        rows.filter((row) => early.has(row.scope)).map((row) => row.id),
        [...late].sort(),
        'both locks agree',
      )
      return documents.map((document) => late.has(document))
    }),
  )
}

for (const { name, fresh } of await emptyStates({ after: afterAll })) {
  test(`${name}: for any users, nested and cyclic groups and rules, both locks decide as the definition says [A4]`, async () => {
    await fc.assert(
      fc.asyncProperty(world, async (input) => {
        const state = await fresh()
        const documents = await publish(state, await fill(state, input))
        const decided = await decisions(state, input, documents)
        decided.forEach((row, user) => row.forEach((allowed, at) => assert.equal(allowed, oracle(input, user, input.acls[at]))))
      }),
      { numRuns: 60 },
    )
  })

  test(`${name}: any change of users, groups or rules counts at the next question, though standings are remembered [A4]`, async () => {
    await fc.assert(
      fc.asyncProperty(world, world, async (before, after) => {
        const next = { ...after, acls: before.acls.map((_rule, at) => after.acls[at % after.acls.length]) }
        const state = await fresh()
        const control = createAccessControl(state)
        const documents = await publish(state, await fill(state, before))
        await decisions(state, before, documents, control)
        await fill(state, next)
        const decided = await decisions(state, next, documents, control)
        decided.forEach((row, user) => row.forEach((allowed, at) => assert.equal(allowed, oracle(next, user, next.acls[at]))))
      }),
      { numRuns: 40 },
    )
  })

  test(`${name}: a tenant sees nothing of another, whatever the names [A4]`, async () => {
    const state = await fresh()
    const directory = createPrincipalDirectory(state)
    const user = { id: 'u0', name: '', disabled: false, groups: ['g0'] }
    await directory.putUser(tenant, user, 'api')
    await directory.putUser('other' as TenantId, user, 'api')
    const scope = await setRule(state, 0, { deny: [], all: [{ any: ['everyone' as PrincipalId, 'group:g0' as PrincipalId] }] })
    const documents = await publish(state, [scope])
    const control = createAccessControl(state)
    assert.equal((await control.readableNow({ tenant, user: 'u0' }, documents)).size, 1)
    assert.equal((await control.readableNow({ tenant: 'other' as TenantId, user: 'u0' }, documents)).size, 0)
    assert.equal((await control.authorise({ tenant: 'other' as TenantId, user: 'u0' })).readable.ids.length, 0)
  })

  test(`${name}: unknown and disabled users are refused by name [A4]`, async () => {
    const state = await fresh()
    const control = createAccessControl(state)
    await assert.rejects(control.authorise({ tenant, user: 'nobody' }), { code: 'USER_UNKNOWN' })
    await createPrincipalDirectory(state).putUser(tenant, { id: 'gone', name: '', disabled: true, groups: [] }, 'api')
    await assert.rejects(control.authorise({ tenant, user: 'gone' }), { code: 'USER_DISABLED' })
    await assert.rejects(control.readableNow({ tenant, user: 'gone' }, ['s:d' as DocumentId]), { code: 'USER_DISABLED' })
  })

  test(`${name}: a group that is deleted and made again has no members [A4]`, async () => {
    const state = await fresh()
    const directory = createPrincipalDirectory(state)
    await directory.putGroup(tenant, { id: 'g0', name: '', parents: [] }, 'api')
    await directory.putUser(tenant, { id: 'u0', name: '', disabled: false, groups: ['g0'] }, 'api')
    await directory.deleteGroup(tenant, 'g0')
    await directory.putGroup(tenant, { id: 'g0', name: '', parents: [] }, 'api')
    assert.deepEqual((await directory.users(tenant))[0]?.groups, [])
  })

  test(`${name}: a group that only memberships name is gone at the next question when it is deleted [A4]`, async () => {
    const state = await fresh()
    const directory = createPrincipalDirectory(state)
    const control = createAccessControl(state)
    const documents = await publish(state, [await setRule(state, 0, { deny: [], all: [{ any: ['group:g0' as PrincipalId] }] })])
    const member = { id: 'u0', name: '', disabled: false, groups: ['g0'] }
    await directory.putUser(tenant, member, 'api')
    for (const what of ['never made', 'deleted before']) {
      assert.equal((await control.readableNow({ tenant, user: 'u0' }, documents)).size, 1, what)
      assert.equal(await directory.deleteGroup(tenant, 'g0'), true, what)
      assert.equal((await control.readableNow({ tenant, user: 'u0' }, documents)).size, 0, what)
      assert.equal(await directory.deleteGroup(tenant, 'g0'), false, what)
      await directory.putGroup(tenant, { id: 'g0', name: '', parents: [] }, 'api')
      await directory.deleteGroup(tenant, 'g0')
      await directory.putUser(tenant, member, 'api')
    }
  })

  test(`${name}: rules that mean the same share one row [A4]`, async () => {
    const state = await fresh()
    const legal = 'group:legal' as PrincipalId
    const hr = 'group:hr' as PrincipalId
    await setRule(state, 0, { deny: [], all: [{ any: [legal, hr] }] })
    await setRule(state, 1, { deny: [], all: [{ any: [hr, legal, hr] }, { any: [legal, hr] }] })
    assert.equal((await state.selectFrom('acls').selectAll().execute()).length, 1)
  })

  test(`${name}: earlier versions go when the rights change, stay when they do not [A4]`, async () => {
    const state = await fresh()
    const everyone: Acl = { deny: [], all: [{ any: ['everyone' as PrincipalId] }] }
    const scope = await setRule(state, 0, everyone)
    const base = { id: 's:d' as DocumentId, source: 's', path: 'd', title: '', language: 'en', mediaType: '', scope }
    const version = (label: string, at: number, metadata = {}): Parameters<typeof publishDocuments>[2][number] => ({
      document: {
        ...base,
        version: label as DocumentVersion,
        metadata,
        modifiedAtMs: 0,
        indexedAtMs: at,
      },
      text: label,
      changeMark: '',
      definition: 'x',
      chunks: 1,
    })
    const kept = async (): Promise<string[]> =>
      (await state.selectFrom('document_versions').select('version').orderBy('version').execute()).map((row) => row.version)
    await publishDocuments(state, tenant, [version('v1', 1)])
    await publishDocuments(state, tenant, [version('v2', 2)])
    assert.deepEqual(await kept(), ['v1', 'v2'])
    await setRule(state, 0, { ...everyone, deny: ['user:u9' as PrincipalId] })
    assert.deepEqual(await kept(), ['v2'])
    await publishDocuments(state, tenant, [version('v3', 3, { access: { readers: ['everyone'] } })])
    assert.deepEqual(await kept(), ['v3'])
  })
}
