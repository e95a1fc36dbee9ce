/** Filters: what they mean, what is no filter, and that any tree survives being written and read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AttributePath, Filter, Operator } from './filter.ts'
import { parseFilter, parsePatchPath } from './filter.ts'
import { matchesFilter } from './filter-match.ts'

const maria = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: 'Abc',
  externalId: 'X-1',
  userName: 'Maria@Example.com',
  name: { familyName: "O'Malley", givenName: 'Maria' },
  active: true,
  title: '',
  emails: [
    { type: 'work', value: 'maria@example.com', primary: true },
    { type: 'home', value: 'maria@example.org' },
  ],
  members: [{ value: 'u1' }, { value: 'u2' }],
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Sales', manager: { value: 'm1' } },
  meta: { lastModified: '2026-05-13T04:42:34Z' },
}

const meanings: readonly (readonly [filter: string, matches: boolean])[] = [
  ['userName eq "maria@example.com"', true],
  ['USERNAME Eq "MARIA@EXAMPLE.COM"', true],
  ['userName ne "maria@example.com"', false],
  ['id eq "Abc"', true],
  ['id eq "abc"', false],
  ['externalId eq "x-1"', false],
  ['name.familyName co "O\'Malley"', true],
  ['name.familyName sw "o\'m"', true],
  ['name.familyName ew "x"', false],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "M"', true],
  ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales"', true],
  ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m1"', true],
  ['title pr', false],
  ['emails pr', true],
  ['nickName pr', false],
  ['active eq true', true],
  ['active eq "true"', true],
  ['active ne false', true],
  ['active gt true', false],
  ['meta.lastModified gt "2011-05-13T04:42:34Z"', true],
  ['meta.lastModified le "2011-05-13T04:42:34Z"', false],
  ['emails co "example.org"', true],
  ['emails.type eq "home"', true],
  ['emails[type eq "home" and value co "example.com"]', false],
  ['emails[type eq "work" and value co "example.com"]', true],
  ['emails[not (type eq "work")]', true],
  ['members.value eq "u2"', true],
  ['members[value eq "u3"]', false],
  ['members eq "u1"', true],
  ['nickName eq null', true],
  ['userName eq null', false],
  ['not (active eq true)', false],
  ['not(active eq false)', true],
  ['active eq false or userName pr and title pr', false],
  ['(active eq false or userName pr) and not (title pr)', true],
  ['title eq "x" or active eq true and id eq "Abc"', true],
  ['userName eq "a \\"quoted\\" ) and ("', false],
]

test('a filter means what RFC 7644 says [H2]', () => {
  for (const [text, expected] of meanings) assert.equal(matchesFilter(maria, parseFilter(text)), expected, text)
})

const broken = [
  '',
  'userName',
  'userName eq',
  'userName eq maria',
  'userName is "x"',
  'userName eq "x',
  'userName eq "x" and',
  'and userName pr',
  '(userName pr',
  'userName pr)',
  'emails[type eq "x"',
  'emails[]',
  'not userName pr',
  '"x" eq userName',
  'userName eq {"a":1}',
  '__proto__ pr',
  'a.b.c pr',
  `${'('.repeat(60)}userName pr${')'.repeat(60)}`,
  `userName eq "${'x'.repeat(20_000)}"`,
]

test('what is no filter is refused as one [H2, D1]', () => {
  for (const text of broken) assert.throws(() => parseFilter(text), { code: 'DIRECTORY_VALUE_INVALID' }, text.slice(0, 50))
  for (const text of ['members[value eq "x"', 'members[value eq "x"].', 'members..value', 'name.givenName[a pr]', ''])
    assert.throws(() => parsePatchPath(text), { code: 'DIRECTORY_VALUE_INVALID' }, text)
})

const word = fc.stringMatching(/^[a-z][a-zA-Z0-9_-]{0,8}$/).filter((name) => !/^(?:and|or|not|pr)$/i.test(name))
const path: fc.Arbitrary<AttributePath> = fc
  .record({ name: word, sub: fc.option(word, { nil: undefined }) })
  .map(({ name, sub }) => (sub === undefined ? { name } : { name, sub }))
const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
const operator = fc.constantFrom<Operator>('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le')
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ kind: fc.constant('compare' as const), path, operator, value }),
    fc.record({ kind: fc.constant('present' as const), path }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('filter'), right: tie('filter') }),
    fc.record({ kind: fc.constant('not' as const), of: tie('filter') }),
    fc.record({ kind: fc.constant('element' as const), path, of: tie('filter') }),
  ),
}))

function write(tree: Filter): string {
  const at = ({ name, sub }: AttributePath): string => (sub === undefined ? name : `${name}.${sub}`)
  switch (tree.kind) {
    case 'compare':
      return `${at(tree.path)} ${tree.operator} ${JSON.stringify(tree.value)}`
    case 'present':
      return `${at(tree.path)} pr`
    case 'not':
      return `not (${write(tree.of)})`
    case 'element':
      return `${at(tree.path)}[${write(tree.of)}]`
    default:
      return `(${write(tree.left)}) ${tree.kind} (${write(tree.right)})`
  }
}

test('any filter that is written is read as it was meant, and a filter or its opposite matches [H2]', () => {
  fc.assert(
    fc.property(filter, (tree) => {
      const read = parseFilter(write(tree))
      assert.equal(JSON.stringify(read), JSON.stringify(tree))
      assert.notEqual(matchesFilter(maria, read), matchesFilter(maria, { kind: 'not', of: read }))
    }),
    { numRuns: 500 },
  )
})

test('any text is a filter or refused by name [H2, D1]', () => {
  const pieces = fc.array(
    fc.constantFrom('userName', 'emails', '[', ']', '(', ')', 'not', 'and', 'or', 'eq', 'pr', '"x"', 'true', '.', '"'),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((parts) => parts.join(' ')),
      ),
      (text) => {
        try {
          matchesFilter(maria, parseFilter(text))
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'DIRECTORY_VALUE_INVALID')
        }
      },
    ),
    { numRuns: 1_000 },
  )
})
