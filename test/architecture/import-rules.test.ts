/** Shows that the rules about imports catch what they are for: each has an example that breaks it and one that does not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileCycles, folderCycles } from './cycles.ts'
import { dependencyViolations } from './dependency-rule.ts'
import { importEdges } from './import-graph.ts'
import { parseSourceFile } from './source-file.ts'

function edgesOf(files: Readonly<Record<string, string>>) {
  return importEdges(Object.entries(files).map(([path, text]) => parseSourceFile(path, text)))
}

test('every way of importing is seen', () => {
  const text = `import a from './a.ts'
import type { B } from './b.ts'
export * from './c.ts'
export type * from './d.ts'
export { e } from './e.ts'
const f = await import('./f.ts')
type G = import('./g.ts').G
const h = new URL('./h.ts', import.meta.url)
import './i.ts'
export const own = 1, data = new URL('./table.json', import.meta.url), found = import(name)
`
  assert.deepEqual(
    edgesOf({ 'src/app/x.ts': text }).map(({ to, line, kind }) => `${to}:${line}:${kind}`),
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(
      (name, at) => `src/app/${name}.ts:${at + 1}:${name === 'h' ? 'url' : 'import'}`,
    ),
  )
})

const dependencyTable: readonly (readonly [file: string, text: string, problem: RegExp | undefined])[] = [
  ['src/foundation/access/x.ts', `import type { Acl } from '../../contracts/acl.ts'`, undefined],
  ['src/knowledge/x.ts', `import type { A } from '../serving/a.ts'`, /knowledge imports serving .*src\/serving\/a\.ts.*inject/],
  ['src/serving/x.ts', `export * from '../adapters/sqlite/a.ts'`, /serving imports adapters/],
  ['src/lifecycle/a/x.ts', `const a = await import('../../knowledge/a.ts')`, /lifecycle imports knowledge/],
  ['src/foundation/text/x.ts', `type A = import('../../serving/a.ts').A`, /foundation imports serving/],
  ['src/knowledge/x.ts', `fork(new URL('../app/cli/a.ts', import.meta.url))`, /knowledge imports app/],
  ['src/contracts/x.ts', `import { z } from 'zod'`, /contracts imports package "zod"/],
  ['src/contracts/x.ts', `import { a } from '../foundation/a.ts'`, /may import only nothing else/],
  ['src/client/x.ts', `import { a } from '../foundation/a.ts'`, /client imports foundation/],
  ['src/client/x.ts', `import { readFile } from 'node:fs'`, /client imports package "node:fs".*browsers/],
  ['src/client/x.ts', `import type { Answer } from '../contracts/answer.ts'`, undefined],
  ['src/testing/x.ts', `import { a } from '../knowledge/a.ts'`, /testing imports knowledge/],
  ['src/testing/x.ts', `import { a } from '../foundation/a.ts'`, undefined],
  ['src/adapters/sqlite/x.ts', `import { a } from '../lancedb/a.ts'`, /adapters\/sqlite imports adapters\/lancedb/],
  ['src/adapters/sqlite/x.ts', `import { a } from './queries/a.ts'`, undefined],
  ['src/adapters/sqlite/x.ts', `import { Kysely } from 'kysely'`, undefined],
  ['src/app/compose.ts', `import { a } from '../adapters/sqlite/a.ts'`, undefined],
  ['src/lifecycle/x.ts', `import { a } from '../app/a.ts'`, /lifecycle imports app/],
  ['src/app/x.ts', `import { a } from '../../test/a.ts'`, /not part of the product/],
  ['src/app/x.ts', `import { a } from '../../bench/a.ts'`, /not part of the product/],
  ['src/app/x.ts', `import { a } from './a.test.ts'`, /imports the test/],
  ['src/app/x.ts', `import { a } from 'touchstone/serving'`, /as package "touchstone\/serving"/],
  ['src/drawer/x.ts', `import { a } from '../contracts/a.ts'`, /"drawer" is no area/],
  ['src/knowledge/x.test.ts', `import { a } from '../serving/a.ts'`, undefined],
]

for (const [file, text, problem] of dependencyTable) {
  test(`the rule between areas: ${file} with ${text} is ${problem ? 'refused' : 'allowed'}`, () => {
    const messages = dependencyViolations(edgesOf({ [file]: text })).map((each) => each.message)
    assert.equal(messages.length, problem ? 1 : 0, messages.join('\n'))
    if (problem) assert.match(messages[0] ?? '', problem)
  })
}

const cycleTable: readonly (readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  inFiles: number,
  inFolders: number,
])[] = [
  ['a chain', { 'src/a/x.ts': `import '../b/y.ts'`, 'src/b/y.ts': `import '../c/z.ts'` }, 0, 0],
  ['types only', { 'src/a/x.ts': `import type { Y } from './y.ts'`, 'src/a/y.ts': `export type { X } from './x.ts'` }, 1, 0],
  ['itself', { 'src/a/x.ts': `import './x.ts'` }, 1, 0],
  ['a dynamic import', { 'src/a/x.ts': `await import('./y.ts')`, 'src/a/y.ts': `import './x.ts'` }, 1, 0],
  ['another process', { 'src/a/x.ts': `new URL('./y.ts', import.meta.url)`, 'src/a/y.ts': `import './x.ts'` }, 0, 0],
  [
    'three folders without a cycle of files',
    {
      'src/a/1.ts': `import '../b/1.ts'`,
      'src/b/2.ts': `import '../c/1.ts'`,
      'src/c/2.ts': `import '../a/2.ts'`,
    },
    0,
    1,
  ],
  ['a folder and its own folder below', { 'src/a/1.ts': `import './below/1.ts'`, 'src/a/below/2.ts': `import '../2.ts'` }, 0, 0],
  [
    'a folder and another by way of its folder below',
    { 'src/a/1.ts': `import '../b/below/1.ts'`, 'src/b/2.ts': `import '../a/2.ts'` },
    0,
    1,
  ],
  ['two separate cycles', { 'x/a.ts': `import './b.ts'`, 'x/b.ts': `import './a.ts'`, 'x/c.ts': `import './c.ts'` }, 2, 0],
]

for (const [name, files, inFiles, inFolders] of cycleTable) {
  test(`cycles: ${name}`, () => {
    const edges = edgesOf(files)
    assert.equal(fileCycles(edges).length, inFiles)
    assert.equal(folderCycles(edges).length, inFolders)
  })
}

test('a cycle is shown with the way round and the place of the import', () => {
  const edges = edgesOf({ 'src/a/x.ts': `\nimport './y.ts'`, 'src/a/y.ts': `import './z.ts'`, 'src/a/z.ts': `import './x.ts'` })
  const [cycle] = fileCycles(edges)
  assert.equal(cycle?.file, 'src/a/x.ts')
  assert.equal(cycle?.line, 2)
  assert.match(cycle?.message ?? '', /src\/a\/x\.ts -> src\/a\/y\.ts -> src\/a\/z\.ts -> src\/a\/x\.ts/)
})
