/** The company that a history begins with, drawn from a seed, and its state folder, made once and copied for each history. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ingest } from '../fixtures/application.ts'
import type { FileTree } from '../fixtures/temp-folder.ts'
import { seededRandom, type Random } from '../fuzz/random.ts'
import {
  drawRule,
  fileContent,
  filePlaces,
  FOLDER_SOURCES,
  GROUPS,
  pushBody,
  PUSH_SOURCES,
  pushPlaces,
  putGroup,
  putUser,
  some,
  textOf,
  USERS,
  writeAccess,
} from './changes.ts'
import type { Edit } from './oracle.ts'
import { giveKeys, openProduct, sourceFolder, type Role, type Surroundings, type Tenant, TENANTS } from './product.ts'
import { type KnownDocument, Words, World } from './world.ts'

export interface Company {
  readonly pinned: Readonly<Record<Tenant, readonly string[]>>
  readonly worlds: Readonly<Record<Tenant, World>>
  readonly words: Words
}

const PUSHED: Readonly<Record<Tenant, number>> = { red: 36, blue: 10 }
/** Beyond so many readable scopes the index reads first and drops what may not be read. */
const MANY = 330
const ELSEWHERE = 8
/** Pinned by the feature that has curated results. */
const PINNED = 16
/** Documents of the same id in both tenants. */
const SHARED = 3

/** The same seed draws the same company, words included. */
export function drawCompany(seed: number): Company {
  const random = seededRandom(`company ${seed}`)
  const words = new Words(random)
  const worlds = { red: new World('red', words), blue: new World('blue', words) }
  const shared = Array.from({ length: SHARED }, () => words.mint('q'))
  for (const tenant of TENANTS) {
    const world = worlds[tenant]
    for (const group of GROUPS) world.apply(putGroup(random, group).edits)
    for (const user of tenant === 'red' ? USERS : USERS.slice(0, 3)) world.apply(putUser(random, user, random.next() < 0.1).edits)
    for (let count = 0; count < PUSHED[tenant]; count++) {
      const name = shared[count] ?? words.mint('q')
      addDocument(world, words, random, 'crm', `accounts/${name}.md`, name)
    }
    drawFiles(world, words, random)
    for (let count = 0; count < ELSEWHERE; count++) addElsewhere(world, words, random)
  }
  if (isLarge(seed)) for (let count = 0; count < MANY; count++) addBulk(worlds.red, words, random)
  const pinned = { red: drawPinned(worlds.red, random), blue: drawPinned(worlds.blue, random) }
  return { worlds, words, pinned }
}

/** Every third company has hundreds of documents, each with a rule of its own. */
export function isLarge(company: number): boolean {
  return company % 3 === 2
}

function drawPinned(world: World, random: Random): string[] {
  return some(
    world.entries().map(({ id }) => id),
    PINNED,
    random,
  )
}

function addElsewhere(world: World, words: Words, random: Random): void {
  const name = words.mint('q')
  const lure = words.mint('w')
  const id = `annex:${name}`
  const text = `${textOf(name, lure, words.mint('q'), words.mint('q'))}`
  world.sayElsewhere({ id, source: 'annex', path: name, name, lure, text, isDeleted: false, versions: new Set() })
  world.apply([
    { kind: 'rule', place: `annex:${name}`, rule: drawRule(random) },
    { kind: 'document', id, places: [`annex:${name}`] },
  ])
}

/** Mostly for everybody, each in words of its own, so that everybody reads in hundreds of scopes; without the word that is searched for everywhere. */
function addBulk(world: World, words: Words, random: Random): void {
  const name = words.mint('q')
  const lure = words.mint('w')
  const id = `bulk:${name}.md`
  const rule = random.next() < 0.95 ? { all: [['everyone', `user:${lure}`]], deny: [] } : drawRule(random)
  const document = { id, source: 'bulk', path: `${name}.md`, name, lure, text: '', isDeleted: false, versions: new Set<string>() }
  const edits: Edit[] = [
    { kind: 'rule', place: `pushed:${id}`, rule },
    { kind: 'document', id, places: pushPlaces(document) },
  ]
  world.say(document, `# About ${words.mint('q')}\n\nThe drawer of ${lure} holds ${words.mint('q')}.\n`, lure, edits.length)
  world.apply(edits)
}

function drawFiles(world: World, words: Words, random: Random): void {
  for (const [source, folders] of Object.entries(FOLDER_SOURCES)) {
    for (const folder of folders) {
      const rule = folder === '' || random.next() < 0.5 ? drawRule(random, folder !== '') : undefined
      world.apply([{ kind: 'rule', place: `${source}:folder:${folder}`, rule }])
      for (let count = 0; count < (world.tenant === 'red' ? 3 : 1); count++) {
        const name = words.mint('q')
        addDocument(world, words, random, source, folder === '' ? `${name}.md` : `${folder}/${name}.md`, name)
      }
    }
  }
  // One page in two sources, word for word, under different rules.
  const twin = words.mint('q')
  const first = addDocument(world, words, random, 'wiki', `team/${twin}.md`, twin)
  addDocument(world, words, random, 'notes', `team/${twin}.md`, twin, first)
}

function addDocument(
  world: World,
  words: Words,
  random: Random,
  source: string,
  path: string,
  name: string,
  same?: KnownDocument,
): KnownDocument {
  const lure = same?.lure ?? words.mint('w')
  const id = `${source}:${path}`
  const document: KnownDocument = { id, source, path, name, lure, text: '', isDeleted: false, versions: new Set() }
  const isPushed = source === 'crm'
  const places = isPushed ? pushPlaces(document) : filePlaces(source, path)
  const edits: Edit[] = isPushed ? [{ kind: 'rule', place: `pushed:${id}`, rule: drawRule(random) }] : []
  edits.push({ kind: 'document', id, places })
  world.say(document, same?.text ?? textOf(words.mint('q'), lure, words.mint('q'), words.mint('q')), lure, edits.length)
  world.apply(edits)
  return document
}

export interface Template {
  readonly seed: number
  readonly folder: string
  readonly keys: Readonly<Record<Tenant, Readonly<Record<Role, string>>>>
}

/** Lets the product read the company of a seed, and closes it again. */
export async function makeTemplate(folder: string, seed: number, around: Surroundings): Promise<Template> {
  const { worlds, pinned } = drawCompany(seed)
  await mkdir(folder, { recursive: true })
  for (const tenant of TENANTS) await writeSources(folder, worlds[tenant])
  const keys = {} as Record<Tenant, Record<Role, string>>
  const product = await openProduct(folder, { ...around, pinned }, keys)
  try {
    for (const tenant of TENANTS) {
      const running = product.running[tenant]
      keys[tenant] = await giveKeys(running)
      const world = worlds[tenant]
      const { users, groups } = world.people()
      const { principals } = running.application
      for (const { id, parents } of groups)
        await principals.putGroup(running.application.tenant, { id, name: id, parents }, 'api')
      for (const user of users) await principals.putUser(running.application.tenant, { name: user.id, ...user }, 'api')
      const operations = world
        .live()
        .filter(({ source }) => PUSH_SOURCES.includes(source))
        .map((document) => ({
          operation: 'put',
          document: document.id,
          ...pushBody(document, world.rules.get(`pushed:${document.id}`)),
        }))
      await ingest(running.application)
      const { status, text } = await running.call('push', undefined, 'POST', '/v1/documents/bulk?wait=true', operations)
      if (status !== 200 || /"(?:error|queued|failed)"/.test(text))
        throw new Error(`the company is not searchable: ${status} ${text}`)
    }
  } finally {
    await product.close()
  }
  return { seed, folder, keys }
}

async function writeSources(folder: string, world: World): Promise<void> {
  for (const [source, folders] of Object.entries(FOLDER_SOURCES)) {
    const root = sourceFolder(folder, world.tenant, source)
    for (const place of folders) await writeAccess(root, source, place, world)
    const files: FileTree = Object.fromEntries(
      world
        .live()
        .filter((document) => document.source === source)
        .map(({ path, text }) => [path, fileContent(text, undefined)]),
    )
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), content)
    }
  }
}

export function copyTemplate(template: Template, folder: string): Promise<void> {
  return cp(template.folder, folder, { recursive: true, preserveTimestamps: true })
}
