import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePathPattern } from './path-pattern.ts'

const table: readonly (readonly [string, string, boolean])[] = [
  ['people/*', 'people/leave.md', true],
  ['people/*', 'people/confidential/pay.md', false],
  ['people/**', 'people/confidential/pay.md', true],
  ['**/*.md', 'people/leave.md', true],
  ['*.md', 'leave.md', true],
  ['leave.?d', 'leave.md', true],
  ['leave?md', 'leave/md', false],
  ['leave', 'leave.md', false],
  ['', '', true],
  ['l+(*)', 'lll', false],
  ['[a-z].md', 'a.md', false],
]
for (const [pattern, path, expected] of table)
  test(`${pattern} ${expected ? 'matches' : 'does not match'} ${path} [A5]`, () =>
    assert.equal(parsePathPattern(pattern)(path), expected))

test('no pattern takes long, and none speaks the language of patterns that do [A5, D1]', () => {
  const before = performance.now()
  for (const pattern of ['hr/l+(*+(*))Z', `${'*?'.repeat(140)}Z`, '**'.repeat(150)]) parsePathPattern(pattern)('a/'.repeat(500))
  assert.ok(performance.now() - before < 2_000)
  assert.throws(() => parsePathPattern('*'.repeat(301)), { code: 'FILTER_INVALID' })
})
