/** Draws what may happen to people, rules and documents: each as edits for the oracle and as calls to the product. Decides nothing about reading. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ingest } from '../fixtures/application.ts'
import type { Random } from '../fuzz/random.ts'
import type { Edit, Rule } from './oracle.ts'
import { type Product, sourceFolder, type Tenant, whenFree } from './product.ts'
import type { KnownDocument, Words, World } from './world.ts'

export interface Change {
  readonly summary: string
  readonly edits: readonly Edit[]
  /** Makes the words of a new text known; once, before it is performed. */
  adopt?(): void
  /** Whatever the edits say is acknowledged when it resolves. */
  perform(product: Product): Promise<void>
}

export const USERS = ['ann', 'bob', 'cleo', 'dan', 'eve', 'finn']
/** Two sources name groups alike and mean different people. */
export const GROUPS = ['staff', 'crm.sales', 'wiki.sales', 'crm.law', 'wiki.law', 'board']
/** `bulk` has nothing but numbers: many documents, each with a rule of its own. */
export const PUSH_SOURCES: readonly string[] = ['crm', 'bulk']
export const FOLDER_SOURCES: Readonly<Record<string, readonly string[]>> = {
  wiki: ['', 'team', 'team/deep'],
  notes: ['', 'team'],
}

interface Drawing {
  readonly world: World
  readonly words: Words
  readonly random: Random
}

type Draw = (drawing: Drawing) => Change | undefined

/** How often each is drawn, as it would happen; what is read and indexed again costs the most, so it comes seldom. */
const CHANGES: readonly (readonly [weight: number, draw: Draw])[] = [
  [8, ({ random }) => putUser(random)],
  [2, ({ random }) => removePrincipal('users', random.pick(USERS))],
  [8, ({ random }) => putGroup(random)],
  [3, ({ random }) => removePrincipal('groups', random.pick(GROUPS))],
  [16, editPushedAcl],
  [3, deletePushed],
  [3, rewritePushed],
  [1, (drawing) => pushNew(drawing)],
  [9, editFolderRule],
  [4, editFileRule],
  [2, deleteFile],
  [2, moveFile],
  [2, rewriteFile],
]

export function drawChange(drawing: Drawing): Change {
  const total = CHANGES.reduce((sum, [weight]) => sum + weight, 0)
  for (;;) {
    let left = drawing.random.below(total)
    const [, draw] = CHANGES.find(([weight]) => (left -= weight) < 0)!
    const change = draw(drawing)
    if (change !== undefined) return change
  }
}

export function some<Item>(items: readonly Item[], most: number, random: Random): Item[] {
  return [...new Set(Array.from({ length: random.below(most + 1) }, () => random.pick(items)))]
}

export function putUser(random: Random, id = random.pick(USERS), disabled = random.next() < 0.2): Change {
  const groups = some(GROUPS, 3, random)
  return {
    summary: `user ${id} in [${groups.join()}]${disabled ? ', disabled' : ''}`,
    edits: [{ kind: 'user', id, disabled, groups }],
    perform: (product) => administer(product, 'PUT', `/v1/principals/users/${id}`, { disabled, groups }),
  }
}

export function putGroup(random: Random, id = random.pick(GROUPS)): Change {
  const parents = some(GROUPS, 2, random)
  return {
    summary: `group ${id} in [${parents.join()}]`,
    edits: [{ kind: 'group', id, parents }],
    perform: (product) => administer(product, 'PUT', `/v1/principals/groups/${id}`, { parents }),
  }
}

function removePrincipal(kind: 'users' | 'groups', id: string): Change {
  return {
    summary: `${kind} ${id} removed`,
    edits: [{ kind: 'remove', principal: `${kind.slice(0, -1)}:${id}` }],
    perform: (product) => administer(product, 'DELETE', `/v1/principals/${kind}/${id}`),
  }
}

/** All changes are made to the tenant that is proven; the other one is there to be kept apart. */
const PROVEN: Tenant = 'red'

async function administer(product: Product, method: string, path: string, body?: unknown): Promise<void> {
  const { status, text } = await product.running[PROVEN].call('admin', undefined, method, path, body)
  if (status >= 500 || (status >= 400 && status !== 404)) throw new Error(`${method} ${path}: ${status} ${text}`)
}

/** The principals of a rule, by how often companies use them. */
export function drawRule(random: Random, inherits = false): Rule | undefined {
  if (random.next() < 0.06) return undefined
  const principal = (): string => {
    const kind = random.next()
    if (kind < 0.12) return 'everyone'
    return kind < 0.42 ? `user:${random.pick(USERS)}` : kind < 0.97 ? `group:${random.pick(GROUPS)}` : 'service:robot'
  }
  const clause = (): string[] => Array.from({ length: random.next() < 0.06 ? 0 : 1 + random.below(3) }, principal)
  const count = random.next()
  const clauses = count < 0.05 ? 0 : count < 0.6 ? 1 : count < 0.9 ? 2 : 3
  const deny = random.next() < 0.35 ? Array.from({ length: 1 + random.below(2) }, principal) : []
  if (inherits && random.next() < 0.25) return { deny }
  return { all: Array.from({ length: clauses }, clause), deny }
}

export function textOf(title: string, lure: string, first: string, second: string): string {
  return `# About ${title}\n\nThe ledger entry of ${lure} says ${first} and is kept by ${second}.\n`
}

function newText(words: Words): { readonly lure: string; readonly text: string } {
  const lure = words.mint('w')
  return { lure, text: textOf(words.mint('q'), lure, words.mint('q'), words.mint('q')) }
}

/* Documents of another department */

/**
 * The other department knows at once; the product when it asks again, which somebody does here. Nothing while nobody may ask.
 * Not for edits inside a request: who may read them is what was said when they were found.
 */
export function drawElsewhere({ world, random }: Drawing): Change | undefined {
  const document = random.pick([...world.annex.values()])
  const asker = world.people().users.find(({ disabled }) => !disabled)?.id
  if (asker === undefined) return undefined
  const edit: Edit = { kind: 'rule', place: document.id, rule: drawRule(random) }
  return {
    summary: `rule of ${document.id}: ${JSON.stringify(edit.rule)}`,
    edits: [edit],
    perform: async (product) => {
      tellElsewhere(product, world, [edit])
      const { status, text } = await product.running[PROVEN].call('ask', asker, 'POST', '/v1/features/beside/search', { query: document.lure }) // prettier-ignore
      if (status !== 200) throw new Error(`${document.id} was not asked for: ${status} ${text}`)
    },
  }
}

export function tellElsewhere({ elsewhere }: Product, world: World, edits: readonly Edit[] = []): void {
  const rules = rulesAfter(world, edits)
  elsewhere.keep(
    world.tenant,
    [...world.annex.values()].map((document) => [document, rules.get(document.id)]),
  )
}

function rulesAfter(world: World, edits: readonly Edit[]): ReadonlyMap<string, Rule | undefined> {
  const rules = new Map<string, Rule | undefined>(world.rules)
  for (const edit of edits) if (edit.kind === 'rule') rules.set(edit.place, edit.rule)
  return rules
}

/* Pushed documents */

function pushed({ world, random }: Drawing): KnownDocument | undefined {
  const found = world.live().filter(({ source }) => source === 'crm')
  return found.length === 0 ? undefined : random.pick(found)
}

export function pushBody(
  document: Pick<KnownDocument, 'name' | 'text'>,
  rule: Rule | undefined,
  text = document.text,
): Record<string, unknown> {
  const acl = rule === undefined ? {} : { acl: { deny: rule.deny, all: (rule.all ?? []).map((any) => ({ any })) } }
  return { text, metadata: { language: 'en', desk: document.name < 'qm' ? 'north' : 'south' }, ...acl }
}

export function pushPlaces({ id }: KnownDocument): readonly string[] {
  return [`pushed:${id}`]
}

async function push(product: Product, document: KnownDocument, body: unknown, wait = false): Promise<void> {
  const path = `/v1/documents/${encodeURIComponent(document.id)}${wait ? '?wait=true' : ''}`
  const { status, text } = await product.running[PROVEN].call(
    'push',
    undefined,
    body === undefined ? 'DELETE' : 'PUT',
    path,
    body,
  )
  if (status >= 300 || text.includes('"failed"')) throw new Error(`push ${document.id}: ${status} ${text}`)
  if (wait && text.includes('"queued"')) throw new Error(`push ${document.id}: not searchable in time`)
}

function editPushedAcl(drawing: Drawing): Change | undefined {
  const document = pushed(drawing)
  if (document === undefined) return undefined
  const rule = drawRule(drawing.random)
  const body = pushBody(document, rule)
  return {
    summary: `rule of ${document.id}: ${JSON.stringify(rule)}`,
    edits: [{ kind: 'rule', place: `pushed:${document.id}`, rule }],
    perform: (product) => push(product, document, body),
  }
}

function deletePushed(drawing: Drawing): Change | undefined {
  const document = pushed(drawing)
  if (document === undefined) return undefined
  return {
    summary: `${document.id} deleted`,
    edits: [{ kind: 'document', id: document.id, places: undefined }],
    perform: (product) => push(product, document, undefined),
  }
}

function rewritePushed(drawing: Drawing): Change | undefined {
  const document = pushed(drawing)
  if (document === undefined) return undefined
  const { world, words, random } = drawing
  const old = world.rules.get(`pushed:${document.id}`)
  const rule = random.next() < 0.5 ? old : drawRule(random)
  const edits: Edit[] = [{ kind: 'rule', place: `pushed:${document.id}`, rule }]
  const { text, lure } = newText(words)
  const body = pushBody({ ...document, text }, rule)
  const adopt = (): void => world.say(document, text, lure, edits.length)
  return { summary: `${document.id} rewritten`, edits, adopt, perform: (product) => push(product, document, body, true) }
}

export function pushNew({ world, words, random }: Drawing, name = words.mint('q'), folder = 'accounts'): Change {
  const path = `${folder}/${name}.md`
  const id = `crm:${path}`
  const known = world.documents.get(id)
  const document = known ?? { id, source: 'crm', path, name, lure: '', text: '', isDeleted: false, versions: new Set<string>() }
  const rule = drawRule(random)
  const edits: Edit[] = [
    { kind: 'rule', place: `pushed:${id}`, rule },
    { kind: 'document', id, places: pushPlaces(document) },
  ]
  const { text, lure } = newText(words)
  const body = pushBody({ ...document, text }, rule)
  const adopt = (): void => world.say(document, text, lure, edits.length)
  return { summary: `${id} pushed`, edits, adopt, perform: (product) => push(product, document, body, true) }
}

/* Files in folders, with access.yaml beside them */

export function filePlaces(source: string, path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  const folders = ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))]
  return [...folders.map((folder) => `${source}:folder:${folder}`), `${source}:file:${path}`, `${source}:own:${path}`]
}

function file({ world, random }: Drawing): KnownDocument | undefined {
  const found = world.live().filter(({ source }) => FOLDER_SOURCES[source] !== undefined)
  return found.length === 0 ? undefined : random.pick(found)
}

function folderOf(path: string): string {
  return path.includes('/') ? dirname(path) : ''
}

/** access.yaml of a folder as the rules say after these edits; JSON is YAML too. */
export async function writeAccess(root: string, source: string, folder: string, world: World, edits: readonly Edit[] = []) {
  const rules = rulesAfter(world, edits)
  const files = [...rules].flatMap(([place, rule]) => {
    const path = place.startsWith(`${source}:file:`) ? place.slice(source.length + 6) : undefined
    return path === undefined || rule === undefined || folderOf(path) !== folder
      ? []
      : [[path.slice(path.lastIndexOf('/') + 1), declare(rule)]]
  })
  const own = rules.get(`${source}:folder:${folder}`)
  const path = join(root, folder, 'access.yaml')
  await mkdir(dirname(path), { recursive: true })
  if (own === undefined && files.length === 0) return rm(path, { force: true })
  const content = {
    ...(own === undefined ? {} : declare(own)),
    ...(files.length === 0 ? {} : { files: Object.fromEntries(files) }),
  }
  await writeFile(path, JSON.stringify(content))
}

function declare({ all, deny }: Rule): Record<string, unknown> {
  return { ...(all === undefined ? {} : { all: all.map((any) => ({ any })) }), ...(deny.length === 0 ? {} : { deny }) }
}

export function fileContent(text: string, own: Rule | undefined): string {
  const access = own === undefined ? '' : `access: ${JSON.stringify(declare(own))}\n`
  return `---\nlanguage: en\ndesk: files\n${access}---\n${text}`
}

async function readAgain(product: Product, source: string): Promise<void> {
  const report = await whenFree(() => ingest(product.running[PROVEN].application, source))
  const failed = report.failures.filter(({ code }) => code !== 'ACCESS_RULE_UNMATCHED')
  if (failed.length > 0) throw new Error(`ingest ${source}: ${JSON.stringify(failed)}`)
}

function editFolderRule({ world, random }: Drawing): Change {
  const source = random.pick(Object.keys(FOLDER_SOURCES))
  const folder = random.pick(FOLDER_SOURCES[source]!)
  const rule = random.next() < 0.15 ? undefined : drawRule(random, folder !== '')
  return changeRule(world, source, folder, { kind: 'rule', place: `${source}:folder:${folder}`, rule })
}

function editFileRule(drawing: Drawing): Change | undefined {
  const document = file(drawing)
  if (document === undefined) return undefined
  const { source, path } = document
  const rule = drawing.random.next() < 0.4 ? undefined : drawRule(drawing.random, true)
  return changeRule(drawing.world, source, folderOf(path), { kind: 'rule', place: `${source}:file:${path}`, rule })
}

function changeRule(world: World, source: string, folder: string, edit: Extract<Edit, { kind: 'rule' }>): Change {
  return {
    summary: `rule of ${edit.place}: ${JSON.stringify(edit.rule)}`,
    edits: [edit],
    perform: async (product) => {
      await writeAccess(sourceFolder(product.folder, PROVEN, source), source, folder, world, [edit])
      await readAgain(product, source)
    },
  }
}

function deleteFile(drawing: Drawing): Change | undefined {
  const document = file(drawing)
  if (document === undefined) return undefined
  const { id, source, path } = document
  return {
    summary: `${id} deleted`,
    edits: [{ kind: 'document', id, places: undefined }],
    perform: async (product) => {
      await rm(join(sourceFolder(product.folder, PROVEN, source), path))
      await readAgain(product, source)
    },
  }
}

function moveFile(drawing: Drawing): Change | undefined {
  const document = file(drawing)
  if (document === undefined) return undefined
  const { world, random } = drawing
  const { id, source, path, name } = document
  const to = [random.pick(FOLDER_SOURCES[source]!), `${name}.md`].filter((part) => part !== '').join('/')
  if (to === path) return undefined
  const moved: KnownDocument = { ...document, id: `${source}:${to}`, path: to, versions: new Set() }
  const known = world.documents.get(moved.id)
  const edits: Edit[] = [
    { kind: 'rule', place: `${source}:own:${to}`, rule: world.rules.get(`${source}:own:${path}`) },
    { kind: 'document', id, places: undefined },
    { kind: 'document', id: moved.id, places: filePlaces(source, to) },
  ]
  return {
    summary: `${id} moved to ${to}`,
    edits,
    adopt: () => world.say(known ?? moved, document.text, document.lure, edits.length),
    perform: async (product) => {
      const root = sourceFolder(product.folder, PROVEN, source)
      await rename(join(root, path), join(root, to))
      await readAgain(product, source)
    },
  }
}

function rewriteFile(drawing: Drawing): Change | undefined {
  const document = file(drawing)
  if (document === undefined) return undefined
  const { world, words, random } = drawing
  const { id, source, path } = document
  const own = random.next() < 0.5 ? undefined : drawRule(random, true)
  const edits: Edit[] = [{ kind: 'rule', place: `${source}:own:${path}`, rule: own }]
  const { text, lure } = newText(words)
  const content = fileContent(text, own)
  return {
    summary: `${id} rewritten, its own rule ${JSON.stringify(own)}`,
    edits,
    adopt: () => world.say(document, text, lure, edits.length),
    perform: async (product) => {
      await writeFile(join(sourceFolder(product.folder, PROVEN, source), path), content)
      await readAgain(product, source)
    },
  }
}
