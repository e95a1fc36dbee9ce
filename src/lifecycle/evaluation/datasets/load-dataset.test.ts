/** Golden sets as people write them: formats, every problem at once, a version that is the content. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { loadDataset } from './load-dataset.ts'

function folderOf(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-dataset-'))
  context.after(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

async function problemsOf(path: string): Promise<string> {
  const error: unknown = await loadDataset(path).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(isTouchstoneError(error, 'DATASET_INVALID'), String(error))
  return String(error.details['problems'])
}

const yaml = `
- id: leave
  as: maria
  question: How many days?
  history: [What is leave?]
  expect: { facts: [25 days, [May, Mai]], not: [23 days] }
  never: [Heron]
  document: people/leave.md
  slice: { language: en }
- { id: moon, as: jan, question: Who owns the moon?, expect: { abstain: true } }
`
const jsonl = `{"id":"moon","as":"jan","question":"Who owns the moon?","expect":{"abstain":true}}

{"id":"leave","as":"maria","question":"How many days?","history":["What is leave?"],"expect":{"facts":["25 days",["May","Mai"]],"not":["23 days"]},"never":["Heron"],"document":"people/leave.md","slice":{"language":"en"}}
`
const csv = `id,as,question,history,facts,not,abstain,never,document,slice.language
leave,maria,How many days?,What is leave?,25 days; May|Mai,23 days,,Heron,people/leave.md,en
moon,jan,Who owns the moon?,,,,true,,,
`

test('one set in three formats has the same cases and the same version, whatever their order [E1]', async (context) => {
  const folder = folderOf(context, {
    'a.yaml': yaml,
    'b.jsonl': jsonl,
    'c.csv': csv,
    'd.yaml': `cases:${yaml.replaceAll('\n', '\n  ')}`,
  })
  const sets = await Promise.all(['a.yaml', 'b.jsonl', 'c.csv', 'd.yaml'].map((name) => loadDataset(join(folder, name))))
  assert.deepEqual(sets[0]?.cases[0], {
    id: 'leave',
    as: 'maria',
    question: 'How many days?',
    history: ['What is leave?'],
    expect: { facts: [['25 days'], ['May', 'Mai']], not: ['23 days'], abstain: false },
    never: ['Heron'],
    document: 'people/leave.md',
    slice: { language: 'en' },
  })
  assert.deepEqual(new Set(sets.map((set) => set.version)).size, 1)
  assert.deepEqual(
    sets.map((set) => [set.name, set.cases.length]),
    ['a', 'b', 'c', 'd'].map((name) => [name, 2]),
  )
})

test('any change of a case gives another version [E1]', async (context) => {
  const folder = folderOf(context, {
    'a.yaml': yaml,
    'b.yaml': yaml.replace('25 days', '26 days'),
    'c.yaml': yaml.replace('jan', 'eva'),
  })
  const versions = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => (await loadDataset(join(folder, `${name}.yaml`))).version),
  )
  assert.equal(new Set(versions).size, 3)
})

test('a folder has a description and one file of cases [E1]', async (context) => {
  const about = 'name: leave\ndescription: Questions about leave.\npurpose: release\n'
  const folder = folderOf(context, { 'dataset.yaml': about, 'cases.jsonl': jsonl })
  const set = await loadDataset(folder)
  assert.equal(set.name, 'leave')
  assert.equal(set.about['purpose'], 'release')
  assert.equal(set.cases.length, 2)
  writeFileSync(join(folder, 'cases.yaml'), yaml)
  assert.match(await problemsOf(folder), /several files of cases \(cases\.yaml, cases\.jsonl\)/)
  assert.match(await problemsOf(folderOf(context, { 'dataset.yaml': about })), /it has none of cases\.yaml, /)
  assert.match(
    await problemsOf(folderOf(context, { 'dataset.yaml': 'name: x', 'cases.yaml': yaml })),
    /dataset\.yaml, description: /,
  )
  assert.match(await problemsOf(folderOf(context, { 'dataset.yaml': 'name: [x', 'cases.yaml': yaml })), /dataset\.yaml: /)
})

test('every problem is named at once, with file, line, case and path [E1]', async (context) => {
  const folder = folderOf(context, {
    'x.yaml': `
- { id: a, as: maria, question: "", expect: { facts: [115] } }
- { id: b, as: maria, question: When?, expect: {} }
- { id: b, as: maria, question: When?, expect: { facts: [x], abstain: true } }
- { as: maria, question: When?, expect: { facts: [] }, nevr: [x] }
- just text
`,
  })
  const problems = (await problemsOf(join(folder, 'x.yaml'))).split('\n').map((line) => line.trim())
  for (const expected of [
    /^x\.yaml:2, case a, question: must not be empty/,
    /^x\.yaml:2, case a, expect\.facts\[0\]: expected a text \(a number in quotes\)/,
    /^x\.yaml:3, case b, expect: needs either facts or/,
    /^x\.yaml:4, case b, expect: needs either facts or/,
    /^x\.yaml:4, case b: the id stands at line 3 already/,
    /^x\.yaml:5, id: /,
    /^x\.yaml:5, expect\.facts: /,
    /^x\.yaml:5: .*nevr/,
    /^x\.yaml:6: /,
  ]) {
    assert.equal(problems.filter((problem) => expected.test(problem)).length, 1, `${expected} in\n${problems.join('\n')}`)
  }
  assert.equal(problems.length, 9)
})

const unreadable: readonly (readonly [name: string, text: string, problem: RegExp])[] = [
  ['x.jsonl', `{"id":"a"\n`, /x\.jsonl:1: .*JSON/],
  ['x.yaml', 'a: [1\nb: 2', /x\.yaml:\d: /],
  ['x.yaml', 'name: no list', /x\.yaml:1: expected a list of cases/],
  ['x.yaml', '[]', /it has no cases/],
  ['x.csv', 'id,as\na,b,c\n', /x\.csv:2: /],
  ['x.csv', 'id,as,question,abstain\na,b,c,perhaps\n', /x\.csv:2, case a, expect\.abstain: /],
  ['x.txt', yaml, /its ending is not one of \.yaml/],
]
for (const [name, text, problem] of unreadable) {
  test(`an unreadable set is refused with its line: ${JSON.stringify(text)} in ${name} [E1]`, async (context) => {
    assert.match(await problemsOf(join(folderOf(context, { [name]: text }), name)), problem)
  })
}

test('a missing set is refused [E1]', async (context) => {
  assert.match(await problemsOf(join(folderOf(context, {}), 'none')), /neither a file of that name nor a folder/)
})

test('the golden set of the sample company is valid and large enough to say something [E1]', async () => {
  const set = await loadDataset(join(import.meta.dirname, '../../../../evals/handbook'))
  assert.equal(set.name, 'handbook')
  assert.ok(set.cases.length >= 150, `${set.cases.length} cases`)
  assert.ok(set.cases.some(({ expect }) => expect.abstain) && set.cases.some(({ never }) => never.length > 0))
})

const conversation = `
- id: holiday
  as: maria
  never: [Heron]
  slice: { language: en }
  turns:
    - { question: How many days of leave?, expect: { facts: [25 days] } }
    - { question: Thanks. }
    - { question: And in Valencia?, expect: { facts: [23 days] }, slice: { place: valencia } }
`

test('a conversation is one case for each turn that expects something, after all that was asked before [E1, E11]', async (context) => {
  const set = await loadDataset(join(folderOf(context, { 'a.yaml': conversation }), 'a.yaml'))
  assert.deepEqual(
    set.cases.map(({ id, history, cluster, never, slice }) => ({ id, history, cluster, never, slice })),
    [
      { id: 'holiday/turn-1', history: [], cluster: 'holiday', never: ['Heron'], slice: { language: 'en' } },
      {
        id: 'holiday/turn-3',
        history: ['How many days of leave?', 'Thanks.'],
        cluster: 'holiday',
        never: ['Heron'],
        slice: { language: 'en', place: 'valencia' },
      },
    ],
  )
})

test('cases have variables, a reference output, checks and clusters, in every format [E1]', async (context) => {
  const folder = folderOf(context, {
    'a.yaml': `
- id: ticket
  vars: { text: My screen is black. }
  expected: hardware
  cluster: tickets
  assert: [{ type: facts, metric: said }]
`,
    'b.jsonl': `{"id":"ticket","vars":{"text":"My screen is black."},"expected":"hardware","cluster":"tickets","assert":[{"scorer":"facts","metric":"said"}]}`,
    'c.csv': `id,vars.text,expected,cluster,assert\nticket,My screen is black.,hardware,tickets,"[{""scorer"":""facts"",""metric"":""said""}]"\n`,
    'd.ts': `export default { description: 'x', cases: [{ id: 'ticket', vars: { text: 'My screen is black.' }, expected: 'hardware',
      cluster: 'tickets', assert: [{ scorer: 'facts', metric: 'said' }] }] }`,
  })
  const sets = await Promise.all(['a.yaml', 'b.jsonl', 'c.csv', 'd.ts'].map((name) => loadDataset(join(folder, name))))
  assert.deepEqual(sets[0]?.cases[0], {
    id: 'ticket',
    as: '',
    question: '',
    history: [],
    expect: { facts: [], not: [], abstain: false },
    never: [],
    cluster: 'tickets',
    vars: { text: 'My screen is black.' },
    expected: 'hardware',
    checks: [{ scorer: 'facts', options: {}, metric: 'said' }],
    slice: {},
  })
  assert.equal(new Set(sets.map(({ version }) => version)).size, 1)
  assert.equal(new Set(sets.map(({ caseHashes }) => caseHashes.get('ticket'))).size, 1)
})

test('scorers of the suite apply to every case, which then need not expect anything [E1]', async (context) => {
  const about = 'description: x\nscorers: [{ scorer: leak }]\n'
  const set = await loadDataset(folderOf(context, { 'dataset.yaml': about, 'cases.yaml': '- { id: a, question: Why? }' }))
  assert.deepEqual(set.scorers, [{ scorer: 'leak', options: {} }])
})

const contradictions: readonly (readonly [text: string, problem: RegExp])[] = [
  ['- { id: a, as: m, question: Why? }', /expect: is missing/],
  ['- { id: a, question: Why?, expect: { abstain: true } }', /as: is missing/],
  ['- { id: a, as: m, expect: { abstain: true } }', /question: is missing/],
  ['- { id: a, as: m, turns: [{ question: Why? }] }', /turns: none of them/],
  ['- { id: a, as: m, question: Why?, turns: [{ question: Why?, expect: { abstain: true } }] }', /question: belongs into a turn/],
  ['- { id: a, question: Why?, assert: [{ type: nonsense }] }', /assert\[0\]: there is no scorer "nonsense"; known: .*facts/],
  ['- { id: a, question: Why?, assert: [{ type: facts, strict: true }] }', /assert\[0\]: .*strict/],
  ['- { id: a, question: Why?, assert: [{ metric: x }] }', /assert\[0\]: names no scorer/],
  [
    `${conversation}\n- { id: holiday/turn-3, as: m, question: Why?, expect: { abstain: true } }`,
    /turn-3: the id stands at line 2/,
  ],
]
for (const [text, problem] of contradictions) {
  test(`what contradicts itself is refused: ${String(problem)} [E1]`, async (context) => {
    assert.match(await problemsOf(join(folderOf(context, { 'x.yaml': text }), 'x.yaml')), problem)
  })
}

test('a suite file that throws, or exports something else, is refused by its name [E1]', async (context) => {
  const folder = folderOf(context, { 'a.ts': 'throw new RangeError("no luck")', 'b.ts': 'export const cases = []' })
  assert.match(await problemsOf(join(folder, 'a.ts')), /a\.ts: no luck/)
  assert.match(await problemsOf(join(folder, 'b.ts')), /b\.ts: its default export is not/)
})

test('labels of a case change the version of the set, not the hash that pairs runs [E1]', async (context) => {
  const folder = folderOf(context, { 'a.yaml': yaml, 'b.yaml': yaml.replace('language: en', 'language: de') })
  const [one, two] = await Promise.all(['a.yaml', 'b.yaml'].map((name) => loadDataset(join(folder, name))))
  assert.notEqual(one?.version, two?.version)
  assert.equal(one?.caseHashes.get('leave'), two?.caseHashes.get('leave'))
})
