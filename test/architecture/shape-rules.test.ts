/** Shows that the rules about size, names, headers and catalogues catch what they are for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogViolations } from './catalog-completeness.ts'
import { headerViolations } from './file-headers.ts'
import { fileNameViolations } from './file-names.ts'
import { fileSizeViolations, functionSizeViolations } from './size-limits.ts'
import { parseSourceFile, type SourceFile } from './source-file.ts'

function fileOf(path: string, lines: number): SourceFile {
  return parseSourceFile(path, 'void 0\n'.repeat(lines))
}

function functionOf(lines: number, name = 'long'): string {
  return `export function ${name}() {\n${'  void 0\n'.repeat(lines - 2)}}\n`
}

const fileSizes: readonly (readonly [path: string, lines: number, problems: number])[] = [
  ['src/knowledge/x.ts', 250, 0],
  ['src/knowledge/x.ts', 401, 2],
  ['src/contracts/x.ts', 150, 0],
  ['src/contracts/x.ts', 151, 1],
  ['src/serving/answer-question.ts', 120, 0],
  ['src/serving/answer-question.ts', 121, 1],
  ['src/knowledge/ingest-documents.ts', 121, 1],
]
for (const [path, lines, problems] of fileSizes) {
  test(`file size: ${path} with ${lines} lines has ${problems} problems`, () => {
    assert.equal(fileSizeViolations([fileOf(path, lines)]).length, problems)
  })
}

test('file size: one file of twenty may be above the percentile limit, two may not', () => {
  const small = Array.from({ length: 18 }, (_, at) => fileOf(`src/app/small-${at}.ts`, 10))
  assert.deepEqual(fileSizeViolations([...small, fileOf('src/app/a.ts', 300), fileOf('src/app/b.ts', 20)]), [])
  const [problem] = fileSizeViolations([...small, fileOf('src/app/a.ts', 300), fileOf('src/app/b.ts', 320)])
  assert.match(problem?.message ?? '', /2 of 20 files have more than 250 lines.*src\/app\/b\.ts:1 file \(320\), src\/app\/a\.ts/)
})

test('function size: the hard limit counts every line and names the function', () => {
  assert.deepEqual(functionSizeViolations([parseSourceFile('src/app/x.ts', functionOf(40))]), [])
  const [problem] = functionSizeViolations([parseSourceFile('src/app/x.ts', `\n${functionOf(81)}`)])
  assert.equal(problem?.line, 2)
  assert.match(problem?.message ?? '', /long has 81 lines; 80 are allowed/)
})

test('function size: methods and arrow functions count; the percentile limit holds over all of them', () => {
  const body = '  void 0\n'.repeat(45)
  const text = `const arrow = () => {\n${body}}\nclass A {\n  method() {\n${body}  }\n}\n`
  assert.match(
    functionSizeViolations([parseSourceFile('src/app/x.ts', text)])[0]?.message ?? '',
    /2 of 2 functions .*arrow \(47\)/,
  )
})

const names: readonly (readonly [path: string, problem: RegExp | undefined])[] = [
  ['src/app/config-schema.ts', undefined],
  ['src/app/catalog.data.ts', undefined],
  ['src/app/catalog.test.ts', undefined],
  ['src/app/README.md', undefined],
  ['src/app/configSchema.ts', /"configSchema" is not kebab-case.*config-schema/],
  ['src/app/Config.ts', /not kebab-case/],
  ['src/App/config.ts', /"App" is not kebab-case/],
  ['src/app/utils.ts', /"utils" is a drawer/],
  ['src/app/helpers/x.ts', /"helpers" is a drawer/],
  ['src/app/types.ts', /drawer/],
  ['src/app/common.test.ts', /drawer/],
  ['src/app/misc.ts', /drawer/],
  ['src/app/session-manager.ts', /drawer/],
  ['src/app/text-utils.ts', /drawer/],
  ['src/app/media-types.ts', undefined],
]
for (const [path, problem] of names) {
  test(`file names: ${path} is ${problem ? 'refused' : 'allowed'}`, () => {
    const messages = fileNameViolations([path]).map((each) => each.message)
    assert.equal(messages.length, problem ? 1 : 0)
    if (problem) assert.match(messages[0] ?? '', problem)
  })
}

const headers: readonly (readonly [text: string, isGood: boolean])[] = [
  ['/** What the file knows. */\nimport "./a.ts"\n', true],
  ['#!/usr/bin/env node\n/** What the file knows. */\n', true],
  ['/**\n * Two lines that say\n * what it knows.\n */\n', true],
  ['import "./a.ts"\n/** What the file knows. */\n', false],
  ['// What the file knows.\n', false],
  ['/** */\nconst a = 1.5\n', false],
  ['/** no-sentence */\nconst a = "A. b" /* end */\n', false],
  ['', false],
]
for (const [text, isGood] of headers) {
  test(`file headers: ${JSON.stringify(text)} is ${isGood ? 'allowed' : 'refused'}`, () => {
    assert.equal(headerViolations([parseSourceFile('src/app/x.ts', text)]).length, isGood ? 0 : 1)
  })
}

const plain = `export const plain: Parser = { id: 'plain', version: 1, summary: '', parseOptions, create() { return 1 } }`
const catalogs: readonly (readonly [name: string, files: Readonly<Record<string, string>>, missing: readonly string[]])[] = [
  ['listed', { 'catalog.ts': `import { plain } from './plain.ts'\nexport const parsers = [plain]`, 'plain.ts': plain }, []],
  ['not imported', { 'catalog.ts': 'export const parsers = []', 'plain.ts': plain }, ['plain']],
  [
    'imported, not listed',
    { 'catalog.ts': `import { plain } from './plain.ts'\nexport const parsers = []`, 'plain.ts': plain },
    ['plain'],
  ],
  ['in a folder below', { 'catalog.ts': 'export const parsers = []', 'pdf/plain.ts': plain }, ['plain']],
  [
    'answered for by a nearer catalogue',
    {
      'catalog.ts': '',
      'below/catalog.ts': `import { plain } from './plain.ts'\nexport const all = { plain }`,
      'below/plain.ts': plain,
    },
    [],
  ],
  [
    'behind satisfies and define',
    {
      'catalog.ts': '',
      'a.ts': `export const a = { id: '', version: 1, summary: '', parseOptions, create } as const satisfies Parser`,
      'b.ts': `export const b = definePatternRecognizer({ id: '', version: 1, summary: '', patterns: [] })`,
    },
    ['a', 'b'],
  ],
  ['no extension', { 'catalog.ts': '', 'a.ts': `export const a = { id: '', version: 1 }` }, []],
  ['only a test', { 'catalog.ts': '', 'a.test.ts': plain }, []],
]
for (const [name, files, missing] of catalogs) {
  test(`catalogues: an extension ${name}`, () => {
    const parsed = Object.entries(files).map(([path, text]) => parseSourceFile(`src/knowledge/parsers/${path}`, text))
    const found = catalogViolations(parsed).map((each) => /extension (\w+)/.exec(each.message)?.[1])
    assert.deepEqual(found, missing)
  })
}
