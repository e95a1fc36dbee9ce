/** What happens between looks: a change, a change beside questions, a change inside a question, a restart, a rebuilt or restored index. */
import { seededRandom } from '../fuzz/random.ts'
import { ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { backUp, rebuild, restoreFrom } from '../fixtures/backups.ts'
import { liftRestoreMark } from '../../src/foundation/storage/restore-marks.ts'
import { type Change, drawChange, drawElsewhere, PUSH_SOURCES, pushBody, USERS } from './changes.ts'
import { createOracle } from './oracle.ts'
import { drawSurface, type Stage } from './stage.ts'
import type { Sight } from './judge.ts'
import { whenFree } from './product.ts'
import { surfaceCatalog } from './surfaces/catalog.ts'
import { searchBeside } from './surfaces/external.ts'
import type { Surface } from './surfaces/surface.ts'

type Step = (stage: Stage) => Promise<string>

const STEPS: readonly (readonly [weight: number, step: Step])[] = [
  [34, changeAlone],
  [50, changeInside],
  [10, changeBeside],
  [4, changeElsewhere],
  [3, restart],
  [3, rebuildIndex],
  [4, otherIndex],
  [3, backUpState],
  [3, restoreState],
]

/** @returns what was done */
export function drawStep(stage: Stage): Promise<string> {
  let left = stage.random.below(STEPS.reduce((sum, [weight]) => sum + weight, 0))
  return STEPS.find(([weight]) => (left -= weight) < 0)![1](stage)
}

function draw({ company, random }: Stage): Change {
  return drawChange({ world: company.worlds.red, words: company.words, random })
}

/** Of some changes the one that takes most of these documents; seldom all, since whoever is out is refused before anything is shown. */
function drawLoss(stage: Stage, user: string, shown: readonly string[]): Change {
  const world = stage.company.worlds.red
  const { mayRead } = world.view()
  const readable = world.live().filter(({ id }) => mayRead(user, id))
  const drawn = Array.from({ length: 24 }, () => draw(stage)).map((change) => {
    const after = createOracle([...world.edits, ...change.edits])
    const lost = readable.filter(({ id }) => !after(user, id))
    return { change, isOut: lost.length === readable.length, loss: lost.filter(({ id }) => shown.includes(id)).length }
  })
  const staying = drawn.filter(({ isOut }) => !isOut)
  const offered = staying.length > 0 && stage.random.next() < 0.9 ? staying : drawn
  return offered.reduce((most, next) => (next.loss > most.loss ? next : most)).change
}

async function adopt(change: Change, stage: Stage): Promise<void> {
  change.adopt?.()
  await change.perform(stage.product)
  stage.company.worlds.red.apply(change.edits)
}

async function changeAlone(stage: Stage): Promise<string> {
  const change = draw(stage)
  await adopt(change, stage)
  return change.summary
}

/** Seldom, and seen at one place only: so everybody looks there at once. */
async function changeElsewhere(stage: Stage): Promise<string> {
  const { company, random } = stage
  const change = drawElsewhere({ world: company.worlds.red, words: company.words, random })
  if (change === undefined) return 'nobody asks elsewhere'
  await adopt(change, stage)
  const view = company.worlds.red.view()
  for (const user of USERS) stage.weigh(searchBeside.id, user, await stage.look(searchBeside, user), [view], 'exact')
  return change.summary
}

/** The edit is acknowledged after the request has passed a stage, so that it counts for everything that the request still shows. */
async function changeInside(stage: Stage): Promise<string> {
  const { product, company, random } = stage
  const world = company.worlds.red
  const before = world.view()
  const places = surfaceCatalog.flatMap((surface) => (surface.moments ?? []).map((moment) => ({ surface, moment })))
  const { surface, moment } = random.pick(places)
  const user = mostReading(stage)
  // Looked at once before, so that the edit can be about what is shown.
  const [seed, rehearsed] = await rehearse(stage, surface, user)
  const change = drawLoss(stage, user, rehearsed)
  change.adopt?.()
  const callOff = product.running.red.watch.once(moment, () => change.perform(product))
  const sight = await stage.look(surface, user, 'red', seededRandom(seed))
  const isDone = callOff()
  if (!isDone) await change.perform(product)
  world.apply(change.edits)
  stage.weigh(surface.id, user, sight, isDone ? [world.view()] : [before], 'atMost')
  return `${change.summary}, inside ${surface.id} of ${user} after ${moment}${isDone ? '' : ' (not reached)'}`
}

/** @returns what to draw the same look from, and the documents that it shows */
async function rehearse(
  { look, random }: Stage,
  surface: Surface,
  user: string,
): Promise<[seed: string, shown: readonly string[]]> {
  for (let attempt = 0; ; attempt++) {
    const seed = `inside ${random.next()}`
    const { named = [] } = await look(surface, user, 'red', seededRandom(seed))
    if (named.length > 0 || attempt === 3) return [seed, named]
  }
}

/** One of the two who read most: they have most to lose. */
function mostReading({ company, random }: Stage): string {
  const world = company.worlds.red
  const { mayRead } = world.view()
  const readers = USERS.map((user) => ({ user, count: world.live().filter(({ id }) => mayRead(user, id)).length }))
  return readers.sort((left, right) => right.count - left.count)[random.below(2)]!.user
}

/** Answers that leave while the edit is under way may know it or not; none may show what neither moment allows. */
async function changeBeside(stage: Stage): Promise<string> {
  const { product, company, random } = stage
  const world = company.worlds.red
  const before = world.view()
  const change = draw(stage)
  change.adopt?.()
  const over = new AbortController()
  const performing = change.perform(product).finally(() => over.abort())
  const sights: { readonly surface: string; readonly user: string; readonly sight: Sight }[] = []
  const ask = async (): Promise<void> => {
    for (let count = 0; count < 6 && !over.signal.aborted; count++) {
      const [surface, user] = [drawSurface(random, false), random.pick(USERS)]
      sights.push({ surface: surface.id, user, sight: await stage.look(surface, user) })
    }
  }
  await Promise.all([performing, ask(), ask(), ask()])
  world.apply(change.edits)
  const after = world.view()
  for (const { surface, user, sight } of sights) stage.weigh(surface, user, sight, [before, after], 'atMost')
  return `${change.summary}, beside ${sights.length} questions`
}

async function restart({ product }: Stage): Promise<string> {
  await product.restart()
  return 'restart'
}

async function rebuildIndex({ product }: Stage): Promise<string> {
  await whenFree(() => rebuild(product.folder, product.config('red')))
  return 'the index made again'
}

/** Beside the running product, as a person at the command line does it. Which index serves changes nothing about who may read. */
async function otherIndex({ product, random }: Stage): Promise<string> {
  const endings: (() => Promise<void>)[] = []
  const run = { signal: NEVER, force: false }
  try {
    const ending = { after: (work: () => Promise<void>) => void endings.push(work) }
    const config = product.config('red')
    const index = { ...config.index, switch: 'manual', embedding: 'other' } as const
    const cli = await openApplication(ending, product.folder, { ...config, index })
    const built = await cli.buildIndex(undefined, run)
    const others = (await cli.indexes()).filter((one) => one.role !== 'serving' && one.built)
    if (others.length === 0 || random.next() < 0.2) return `index ${built.index} built`
    const isBack = others.some(({ role }) => role === 'previous') && random.next() < 0.5
    const { serving } = isBack ? await cli.rollbackIndex(run) : await cli.switchIndex(random.pick(others).index, run)
    return `index ${serving} ${isBack ? 'again' : 'serves'}`
  } finally {
    for (const end of endings) await end()
  }
}

const kept = new WeakMap<object, string[]>()

async function backUpState({ product }: Stage): Promise<string> {
  const names = kept.get(product) ?? []
  kept.set(product, names)
  const name = `backup-${names.length}`
  await whenFree(() => backUp(product.folder, product.config('red'), name))
  names.push(name)
  return name
}

/** Back in time, then told again what is true: in between, nothing may show that is not allowed now. */
async function restoreState(stage: Stage): Promise<string> {
  const { product, random } = stage
  const names = kept.get(product)
  if (names === undefined) return backUpState(stage)
  const name = random.pick(names)
  await whenFree(() => restoreFrom(product.folder, product.config('red'), name, { replace: true }))
  await stage.sweep('atMost')
  await tellPeople(stage)
  await stage.sweep('atMost')
  await tellDocuments(stage)
  return `${name} restored`
}

async function tellPeople({ product, company }: Stage): Promise<void> {
  const { application } = product.running.red
  const { tenant, principals } = application
  const { users, groups } = company.worlds.red.people()
  const isKnown = (known: readonly { readonly id: string }[], id: string): boolean => known.some((one) => one.id === id)
  for (const { id } of await principals.users(tenant)) if (!isKnown(users, id)) await principals.deleteUser(tenant, id)
  for (const { id } of await principals.groups(tenant)) if (!isKnown(groups, id)) await principals.deleteGroup(tenant, id)
  for (const { id, parents } of groups) await principals.putGroup(tenant, { id, name: id, parents }, 'api')
  for (const user of users) await principals.putUser(tenant, { name: user.id, ...user }, 'api')
}

async function tellDocuments({ product, company }: Stage): Promise<void> {
  const { application, call } = product.running.red
  const world = company.worlds.red
  for (const source of ['wiki', 'notes']) await whenFree(() => ingest(application, source))
  const { state, tenant } = application.foundation
  const live = world.live().filter(({ source }) => PUSH_SOURCES.includes(source))
  const held = await state.selectFrom('pushed_documents').select('id').where('tenant', '=', tenant).execute()
  const gone = held.filter(({ id }) => !live.some((document) => document.id === id))
  const operations = [
    ...gone.map(({ id }) => ({ operation: 'delete', document: id })),
    ...live.map((document) => ({
      operation: 'put',
      document: document.id,
      ...pushBody(document, world.rules.get(`pushed:${document.id}`)),
    })),
  ]
  const { text } = await call('push', undefined, 'POST', '/v1/documents/bulk?wait=true', operations)
  if (/"(?:error|queued|failed)"/.test(text)) throw new Error(`after a restore: ${text}`)
  for (const source of ['wiki', 'notes', ...PUSH_SOURCES]) await liftRestoreMark(state, tenant, ['source', 'declared'], source)
  await liftRestoreMark(state, tenant, ['directory'], '')
}
