/** PATCH: what each operation does, also in the spelling of directory services, and that repeating it changes nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Json } from './attributes.ts'
import { applyPatch, type PatchOperation } from './patch.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const user = {
  userName: 'maria',
  active: true,
  name: { givenName: 'Maria', familyName: 'Silva' },
  emails: [{ type: 'work', value: 'a@x', primary: true }],
}
const group = { displayName: 'Sales', members: [{ value: 'u1' }, { value: 'u2' }] }
const memberValues = (resource: Json): unknown =>
  (resource['members'] as { value: string }[] | undefined)?.map(({ value }) => value)

const edits: readonly (readonly [what: string, from: Json, operations: readonly PatchOperation[], expected: Json])[] = [
  ['Entra disables', user, [{ op: 'Replace', path: 'active', value: 'False' }], { ...user, active: false }],
  ['Okta disables', user, [{ op: 'replace', value: { active: false } }], { ...user, active: false }],
  ['Entra disables without a path', user, [{ op: 'replace', value: { active: 'False' } }], { ...user, active: false }],
  ['a sub-attribute', user, [{ op: 'replace', path: 'name.givenName', value: 'Mia' }], { ...user, name: { givenName: 'Mia', familyName: 'Silva' } }],
  ['Entra writes paths as names', user, [{ op: 'Add', value: { 'name.givenName': 'Mia', [`${ENTERPRISE}:department`]: 'Ops' } }], { ...user, name: { givenName: 'Mia', familyName: 'Silva' }, [ENTERPRISE]: { department: 'Ops' } }],
  ['an extension', user, [{ op: 'add', path: `${ENTERPRISE}:manager`, value: { value: 'm' } }], { ...user, [ENTERPRISE]: { manager: { value: 'm' } } }],
  ['an extension as an object', user, [{ op: 'add', value: { [ENTERPRISE]: { division: 'D' } } }], { ...user, [ENTERPRISE]: { division: 'D' } }],
  ['a filtered value', user, [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'b@x' }], { ...user, emails: [{ type: 'work', value: 'b@x', primary: true }] }],
  ['a filtered value that is made', user, [{ op: 'Add', path: 'emails[type eq "home"].value', value: 'h@x' }], { ...user, emails: [...user.emails, { type: 'home', value: 'h@x' }] }],
  ['one primary', user, [{ op: 'add', path: 'emails', value: [{ type: 'home', value: 'h@x', primary: 'True' }] }], { ...user, emails: [{ type: 'work', value: 'a@x', primary: false }, { type: 'home', value: 'h@x', primary: true }] }],
  ['merging a complex value', user, [{ op: 'replace', path: 'name', value: { givenName: 'Mia' } }], { ...user, name: { givenName: 'Mia', familyName: 'Silva' } }],
  ['removing a sub-attribute', user, [{ op: 'remove', path: 'name.familyName' }], { ...user, name: { givenName: 'Maria' } }],
  ['removing the last of a list', user, [{ op: 'remove', path: 'emails[type eq "work"]' }], { userName: 'maria', active: true, name: user.name }],
  ['any case of a name', user, [{ op: 'REPLACE', path: 'Active', value: false }], { ...user, active: false }],
  ['what we alone write is passed over', user, [{ op: 'replace', value: { id: 'x', groups: [], active: false } }], { ...user, active: false }],
  ['adding members', group, [{ op: 'Add', path: 'members', value: [{ value: 'u2' }, { value: 'u3' }] }], { ...group, members: [{ value: 'u1' }, { value: 'u2' }, { value: 'u3' }] }],
  ['adding members without a path', group, [{ op: 'add', value: { members: [{ value: 'u3' }] } }], { ...group, members: [...group.members, { value: 'u3' }] }],
  ['replacing members', group, [{ op: 'replace', path: 'members', value: [{ value: 'u9' }] }], { ...group, members: [{ value: 'u9' }] }],
  ['removing a member by filter', group, [{ op: 'remove', path: 'members[value eq "u1"]' }], { ...group, members: [{ value: 'u2' }] }],
  ['removing members as Entra does', group, [{ op: 'Remove', path: 'members', value: [{ value: 'u1' }] }], { ...group, members: [{ value: 'u2' }] }],
  ['removing all members', group, [{ op: 'remove', path: 'members' }], { displayName: 'Sales' }],
  ['in order', group, [{ op: 'remove', path: 'members' }, { op: 'add', path: 'members', value: [{ value: 'u5' }] }], { displayName: 'Sales', members: [{ value: 'u5' }] }],
] // prettier-ignore

test('each operation does what RFC 7644 and directory services mean by it [H2]', () => {
  for (const [what, from, operations, expected] of edits) {
    const before = structuredClone(from)
    assert.deepEqual(applyPatch(from, operations), expected, what)
    assert.deepEqual(from, before, `${what}: the original stays`)
  }
})

const refused: readonly (readonly [what: string, type: string, operation: PatchOperation])[] = [
  ['an unknown operation', 'invalidSyntax', { op: 'move', path: 'active', value: true }],
  ['no value', 'invalidValue', { op: 'replace', path: 'active' }],
  ['remove without a path', 'noTarget', { op: 'remove' }],
  ['no element to replace', 'noTarget', { op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' }],
  ['a path that is none', 'invalidPath', { op: 'add', path: 'emails[type eq', value: 'x' }],
  ['a prototype', 'invalidPath', { op: 'add', path: '__proto__.polluted', value: 'x' }],
  ['a value of no kind', 'invalidValue', { op: 'add', value: 'x' }],
]

test('what cannot be done is refused by its type, and nothing is done [H2, D1]', () => {
  for (const [what, type, operation] of refused)
    assert.throws(
      () => applyPatch(user, [{ op: 'replace', path: 'active', value: false }, operation]),
      (error: { details?: { type?: string } }) => error.details?.type === type,
      what,
    )
  assert.equal(user.active, true)
})

test('an operation done twice is done once, and members are a set [H2]', () => {
  const member = fc.record({ value: fc.constantFrom('u1', 'u2', 'u3', 'u4') })
  const operation = fc.oneof(
    fc.record({
      op: fc.constantFrom('add', 'Add', 'replace'),
      path: fc.constant('members'),
      value: fc.array(member, { minLength: 1 }),
    }),
    fc.record({
      op: fc.constantFrom('remove', 'Remove'),
      path: fc.constant('members'),
      value: fc.array(member, { minLength: 1 }),
    }),
    member.map(({ value }): PatchOperation => ({ op: 'remove', path: `members[value eq "${value}"]` })),
    fc.constant<PatchOperation>({ op: 'remove', path: 'members' }),
    fc.record({ op: fc.constantFrom('add', 'replace'), value: fc.record({ displayName: fc.constantFrom('A', 'B') }) }),
  )
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 6 }), operation, (before, last) => {
      const from = applyPatch(group, before)
      const once = applyPatch(from, [last])
      assert.deepEqual(applyPatch(once, [last]), once)
      assert.deepEqual(applyPatch(group, [...before, last]), once)
      const values = (memberValues(once) ?? []) as string[]
      assert.equal(new Set(values).size, values.length)
    }),
    { numRuns: 300 },
  )
})
