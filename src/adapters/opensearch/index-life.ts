/** How the indices of a definition come, are copied, change places and go. Knows names, aliases and tasks; knows nothing of rows. */
import { inPieces } from '../../foundation/storage/in-pieces.ts'
import { INDEX_LEVELS } from '../../foundation/storage/index-shape.ts'
import type { IndexLevel } from '../../contracts/document-index.ts'
import type { IdSource } from '../../foundation/concurrency/random.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Cluster } from './cluster.ts'
import { indexDamaged, knowsNoVectors, toIndexFailure, withoutVectors } from './failure.ts'
import type { IndexNames } from './index-names.ts'
import { indexBody, ROW_FORMAT, type IndexLayout } from './index-row.ts'
import { refresh } from './index-writes.ts'

export interface IndexPlace {
  readonly cluster: Cluster
  readonly names: IndexNames
  readonly layout: IndexLayout
  readonly ids: IdSource
  /** Of the chunks' vectors; nothing for an index without. */
  readonly dimensions: number | undefined
}

const FIRST_LOOK_MS = 20
const LAST_LOOK_MS = 2_000
const NAMES_PER_PATH = 8

/** Makes what is missing. @throws TouchstoneError INDEX_UNAVAILABLE, INDEX_CORRUPT when one of the two has vanished, or is none of ours */
export async function openIndices(place: IndexPlace): Promise<void> {
  const { cluster, names } = place
  const present: IndexLevel[] = []
  for (const level of INDEX_LEVELS) if (await isOurs(place, level)) present.push(level)
  const [only] = present
  if (present.length === 1 && only !== undefined && (await countRows(cluster, names.live(only))) > 0)
    throw indexDamaged(`${cluster.location}/${names.live(only)}`, `of its two indices only ${only} is there`)
  // Chunks first: where they cannot be made, nothing is.
  for (const level of INDEX_LEVELS)
    if (!present.includes(level)) await createIndex(place, level, `${names.live(level)}.0`, names.live(level))
}

export async function countRows(cluster: Cluster, index: string): Promise<number> {
  return (await cluster.ask<{ readonly count: number }>({ method: 'GET', path: `/${index}/_count`, kind: 'read' })).count
}

/** A copy of both levels behind aliases of its own. They come at once and last: a copy that was cut short is none. */
export async function takeSnapshot(place: IndexPlace, name: string): Promise<void> {
  const { cluster, names } = place
  await refresh(cluster, names.both)
  await replaceBehind(place, (level) => ({ from: names.live(level), alias: names.snapshot(name, level) }))
}

/** @throws TouchstoneError SNAPSHOT_UNKNOWN */
export async function restoreSnapshot(place: IndexPlace, name: string): Promise<void> {
  const { cluster, names } = place
  for (const level of INDEX_LEVELS)
    if ((await indicesBehind(cluster, names.snapshot(name, level))).length === 0)
      throw new TouchstoneError('SNAPSHOT_UNKNOWN', { details: { snapshot: name } })
  await replaceBehind(place, (level) => ({ from: names.snapshot(name, level), alias: names.live(level) }))
}

/** All indices that a pattern matches, whether an alias leads to them or not. */
export async function removeIndices(cluster: Cluster, pattern: string): Promise<void> {
  const found = await cluster.ask<Readonly<Record<string, unknown>>>({ method: 'GET', path: `/${pattern}/_alias`, kind: 'read' })
  const indices = Object.keys(found)
  // By name: many clusters forbid to remove by pattern. In pieces: a path has its limits.
  for (const some of inPieces(indices, NAMES_PER_PATH)) {
    const path = `/${some.join(',')}`
    await cluster.ask({ method: 'DELETE', path, query: { ignore_unavailable: true }, kind: 'write' })
  }
}

async function replaceBehind(
  place: IndexPlace,
  copyOf: (level: IndexLevel) => { readonly from: string; readonly alias: string },
): Promise<void> {
  const { cluster, ids } = place
  const suffix = ids.next(cluster.clock.now())
  const actions: object[] = []
  for (const level of INDEX_LEVELS) {
    const { from, alias } = copyOf(level)
    const index = `${alias}.${suffix}`
    await createIndex(place, level, index)
    await copyRows(cluster, from, index)
    actions.push({ add: { index, alias } })
    for (const replaced of await indicesBehind(cluster, alias)) actions.push({ remove_index: { index: replaced } })
  }
  await cluster.ask({ method: 'POST', path: '/_aliases', body: { actions }, kind: 'once' })
}

async function isOurs(place: IndexPlace, level: IndexLevel): Promise<boolean> {
  const { cluster, names } = place
  const alias = names.live(level)
  const path = `/${alias}/_mapping`
  const found = await unlessMissing<Mappings>(cluster, path)
  if (found === undefined) return false
  for (const { mappings } of Object.values(found)) {
    if (mappings._meta?.touchstone !== ROW_FORMAT)
      throw indexDamaged(`${cluster.location}/${alias}`, 'Touchstone did not make it, or another version did')
    if (mappings.properties?.vector?.dimension !== dimensionsOf(place, level))
      throw indexDamaged(`${cluster.location}/${alias}`, 'its vectors are not those of its definition')
  }
  return true
}

interface Mappings {
  readonly [index: string]: {
    readonly mappings: {
      readonly _meta?: { readonly touchstone?: number }
      readonly properties?: { readonly vector?: { readonly dimension: number } }
    }
  }
}

/** Only chunks lie in the embedding's space. */
function dimensionsOf({ dimensions }: IndexPlace, level: IndexLevel): number | undefined {
  return level === 'chunks' ? dimensions : undefined
}

async function createIndex(place: IndexPlace, level: IndexLevel, index: string, alias?: string): Promise<void> {
  const { cluster, layout } = place
  const aliases = alias === undefined ? {} : { aliases: { [alias]: {} } }
  const body = { ...indexBody(layout, dimensionsOf(place, level)), ...aliases }
  const outcome = await cluster.attempt({ method: 'PUT', path: `/${index}`, body, kind: 'write' })
  // Another process was quicker, or an answer to ourselves was lost: it is the same index.
  if ('answer' in outcome || outcome.failure.type === 'resource_already_exists_exception') return
  if (knowsNoVectors(outcome.failure)) throw withoutVectors(cluster.location, outcome.cause)
  throw toIndexFailure(outcome.failure, `${cluster.location}/${index}`, outcome.cause)
}

async function indicesBehind(cluster: Cluster, alias: string): Promise<readonly string[]> {
  return Object.keys((await unlessMissing<object>(cluster, `/_alias/${alias}`)) ?? {})
}

/** As a task: a copy of a large index takes longer than any answer may. */
async function copyRows(cluster: Cluster, from: string, to: string): Promise<void> {
  const body = { source: { index: from }, dest: { index: to } }
  const query = { wait_for_completion: false, refresh: true }
  const { task } = await cluster.ask<{ readonly task: string }>({ method: 'POST', path: '/_reindex', query, body, kind: 'once' })
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
    const state = await cluster.ask<TaskState>({ method: 'GET', path: `/_tasks/${task}`, kind: 'read' })
    const failure = state.error ?? state.response?.failures?.[0]?.cause
    if (failure !== undefined) {
      const reason = `${cluster.location} could not copy ${from}: ${failure.reason}`
      throw new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason } })
    }
    if (state.completed) return
    await cluster.clock.sleep(pauseMs)
  }
}

interface TaskFailure {
  readonly reason: string
}
interface TaskState {
  readonly completed: boolean
  readonly error?: TaskFailure
  readonly response?: { readonly failures?: readonly { readonly cause: TaskFailure }[] }
}

async function unlessMissing<Answer>(cluster: Cluster, path: string): Promise<Answer | undefined> {
  const outcome = await cluster.attempt<Answer>({ method: 'GET', path, kind: 'read' })
  if ('answer' in outcome) return outcome.answer
  if (outcome.failure.status === 404) return undefined
  throw toIndexFailure(outcome.failure, cluster.location, outcome.cause)
}
