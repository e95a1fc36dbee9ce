/** Configuration, permission files, people and golden sets that are wrong: refused by name, all problems told, never a crash. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../src/app/load-config.ts'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { readFolderAccess } from '../../src/knowledge/connectors/folder-access.ts'
import { loadDataset } from '../../src/lifecycle/evaluation/datasets/load-dataset.ts'
import type { FuzzFamily, FuzzInput } from './fuzz-target.ts'
import type { Random } from './random.ts'

const ACCESS = `deny: [user:tom]\nall:\n  - any: [group:hr, user:maria]\nfiles:\n  "salaries.md":\n    all: [{ any: [group:board] }]\n`
const PEOPLE = 'id,name,groups,disabled\nmaria,Maria Silva,sales;eu,\ntom,"Weber, Tom",board,true\n'
const CASES = `- id: leave-days\n  as: maria\n  question: How many days?\n  expect: { facts: [["25 days", "25"]], not: ["24"] }\n  never: ["€ 90,000"]\n  slice: { language: en }\n- id: none\n  as: tom\n  question: What is the moon made of?\n  expect: { abstain: true }\n`
const DATASET = 'name: fuzz\nversion: 1\npurpose: to be spoiled\napproved_by: nobody\ndescription: spoiled\nchanges: []\n'

const CONFIG = {
  tenant: 'main',
  sources: {
    handbook: { kind: 'folder', path: './docs', include: ['**/*.md'], access: [{ path: 'hr/**', readers: ['group:hr'] }] },
  },
  models: { main: { url: 'http://127.0.0.1:1/v1', model: 'm', apiKey: { env: 'KEY' }, timeoutMs: 100 } },
  features: { answers: { model: 'main', checker: 'main', retrieval: { passages: 5 }, policy: { unsupported: 'mark' } } },
  access: { users: { maria: { groups: ['hr'] } }, groups: { hr: { parents: ['all'] } } },
  server: { port: 7400, auth: { issuer: { issuer: 'https://id.example', audience: 'touchstone' } } },
}

/** New ones each time: an edit may change what an earlier one put in. */
const freshValues = (): unknown[] => [
  null, undefined, '', 'x', -1, 0, 1.5, Infinity, NaN, true, [], {}, [null], { a: { b: 1 } }, '\0', '../..', 'a'.repeat(10_000),
  '__proto__', ['**/'.repeat(200)], '('.repeat(500), { env: '' }, Symbol('s'), () => 1, 10n, new Date(NaN), new Map(),
] // prettier-ignore

export const configFamilies: readonly FuzzFamily[] = [
  {
    group: 'config',
    name: 'configuration',
    open: async () => ({
      sound: [{ name: 'touchstone.config.ts', bytes: Buffer.from('[]') }],
      spoil: ({ name }, random) => ({ name, bytes: Buffer.from(JSON.stringify(drawEdits(random))) }),
      attempt: ({ bytes }) =>
        outcome(() => checkConfig(applyEdits(CONFIG, JSON.parse(String(bytes)) as ConfigEdit[]), '/nowhere/touchstone.config.ts'), ['CONFIG_INVALID']),
      close: async () => {},
    }),
  },
  fileFamily('access.yaml', ACCESS, async (folder) => {
    const access = await readFolderAccess(async (path) => readFileSync(join(folder, path), 'utf8'), '', ['access.yaml'])
    assert(access !== undefined, 'a folder whose access.yaml cannot be read must mean nobody, not everybody')
    access.file('salaries.md')
  }),
  fileFamily('people.csv', PEOPLE, async (folder) => {
    await checkConfig({ access: { usersCsv: 'people.csv' } }, join(folder, 'touchstone.config.ts'))
  }, ['CONFIG_INVALID']),
  fileFamily('cases.yaml', CASES, async (folder) => {
    writeFileSync(join(folder, 'dataset.yaml'), DATASET)
    await loadDataset(folder)
  }, ['DATASET_INVALID']),
] // prettier-ignore

function fileFamily(
  name: string,
  text: string,
  read: (folder: string) => Promise<void>,
  codes: readonly string[] = [],
): FuzzFamily {
  return {
    group: 'config',
    name,
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'touchstone-fuzz-'))
      return {
        sound: [{ name, bytes: Buffer.from(text) }],
        attempt: ({ bytes }: FuzzInput) => {
          writeFileSync(join(folder, name), bytes)
          return outcome(() => read(folder), codes)
        },
        close: async () => rmSync(folder, { recursive: true, force: true }),
      }
    },
  }
}

async function outcome(attempt: () => Promise<unknown>, codes: readonly string[]): Promise<string> {
  try {
    await attempt()
    return 'accepted'
  } catch (error) {
    assert(isTouchstoneError(error), `not of the catalogue: ${String(error)}`)
    assert(codes.includes(error.code), `${error.code}: ${error.message}`)
    return error.code
  }
}

/** Numbers are places in lists, taken modulo their length, since JSON could not say all that a program may put there. */
interface ConfigEdit {
  readonly container: number
  readonly key: number
  /** Nothing removes the key. */
  readonly value?: number
}

function drawEdits(random: Random): ConfigEdit[] {
  const any = (): number => random.below(10_000)
  return Array.from({ length: 1 + random.below(3) }, () => ({
    container: any(),
    key: any(),
    ...(random.next() < 0.15 ? {} : { value: any() }),
  }))
}

function applyEdits(sound: object, edits: readonly ConfigEdit[]): unknown {
  const content = structuredClone(sound)
  for (const { container, key, value } of edits) {
    const place = at(containersOf(content), container) ?? {}
    const name = at([...Object.keys(place), 'extra', '__proto__', 'constructor', '0', ' '], key) ?? ''
    if (value === undefined) delete place[name]
    else
      Object.defineProperty(place, name, {
        value: at(freshValues(), value),
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
  return content
}

function at<Item>(items: readonly Item[], place: number): Item | undefined {
  return items[place % items.length]
}

function containersOf(value: unknown): Record<string, unknown>[] {
  if (value === null || typeof value !== 'object') return []
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(containersOf)]
}
