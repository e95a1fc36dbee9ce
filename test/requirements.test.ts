/** Ties the mission to the tests: an id that tests cite exists, and what is claimed to be begun is cited by a test that runs. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { citedRequirements, citationProblems } from './architecture/requirement-citations.ts'
import { parseSourceFile } from './architecture/source-file.ts'
import { projectRoot, readSourceTree } from './architecture/source-tree.ts'
import { requirements, type Requirement } from './requirements.ts'

// Contract suites in src/testing hold tests, too; the test files of the implementations run them.
const testFiles = readSourceTree('src', 'test', 'examples').filter(
  ({ path }) => path.endsWith('.test.ts') || path.startsWith('src/testing/'),
)

test('every id that a test cites is a row of the mission, and every row begun is cited', () => {
  const problems = citationProblems(requirements, testFiles.flatMap(citedRequirements))
  if (problems.length > 0) assert.fail(`\n${problems.join('\n')}\n`)
})

test('ids are unique, and the rows are those of the mission', (context) => {
  assert.equal(new Set(requirements.map((row) => row.id)).size, requirements.length)
  const path = join(projectRoot, '../shared/MISSION.md')
  if (!existsSync(path)) return context.skip('there is no ../shared/MISSION.md beside the project')
  const rows = [...readFileSync(path, 'utf8').matchAll(/^\| ([A-I]\d+) \| (.*) \|$/gm)].map(([, id, text]) => `${id} ${text}`)
  assert.deepEqual(
    requirements.map(({ id, text }) => `${id} ${text}`),
    rows,
  )
})

const rows: readonly Requirement[] = [
  { id: 'A1', text: '', state: 'done' },
  { id: 'A2', text: '', state: 'under way' },
  { id: 'A3', text: '', state: 'not begun' },
]

const citations: readonly (readonly [text: string, problems: readonly RegExp[]])[] = [
  [`test('gone [A1]', f); it('read [A2]', f)`, []],
  [`test('both [A1, A2]', f)`, []],
  ['describe(`row ${name} [A1]`, f); test(name + " [A2]", f)', []],
  [`test('gone [A1]', f)`, [/A2 is under way, and no test cites it/]],
  [`test('all [A1, A2, A9]', f)`, [/x\.test\.ts:1: cites \[A9\]/]],
  [`test('gone [A1]', f); // [A2]\nconst text = 'see [A2]'; rows[A2]`, [/A2 is under way/]],
  [`test('gone [A1]', f); test.skip('read [A2]', f)`, [/A2 is under way/]],
  [`test('gone [A1]', f); test.todo('read [A2] [Z1]')`, [/A2 is under way/]],
]
for (const [text, expected] of citations) {
  test(`citations of \`${text}\` have ${expected.length} problems`, () => {
    const problems = citationProblems(rows, citedRequirements(parseSourceFile('src/x.test.ts', text)))
    assert.equal(problems.length, expected.length, problems.join('\n'))
    for (const [at, pattern] of expected.entries()) assert.match(problems[at] ?? '', pattern)
  })
}
