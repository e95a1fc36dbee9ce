/** What the configuration says comes to serve: built beside what serves, then switched to. Knows when that is for a person to decide. */
import { addCandidate, findIndex, servingIndex, type LiveIndex } from '../../foundation/storage/live-indexes.ts'
import type { Foundation, Knowledge } from '../composition.ts'
import { bringUp, type BringUpRun } from './bring-up.ts'
import { switchIndex, type SwitchReport } from './switch-index.ts'

export interface IndexStanding {
  readonly serving: LiveIndex
  /** The index of the configured definition, where it was begun. */
  readonly configured?: LiveIndex
  /** `serving`: nothing is to be done. `automatic`: it is built and serves by itself. `manual`, `held`: a command decides. */
  readonly course: 'serving' | 'automatic' | 'manual' | 'held'
}

export async function indexStanding(foundation: Foundation, { indexes }: Knowledge): Promise<IndexStanding> {
  const { state, tenant, loaded } = foundation
  const serving = await servingIndex(state, tenant)
  if (serving.name === indexes.configured.name) return { serving, configured: serving, course: 'serving' }
  const configured = await findIndex(state, tenant, indexes.configured.name)
  const course = configured?.held === true ? 'held' : loaded.config.index.switch
  return configured === undefined ? { serving, course } : { serving, configured, course }
}

/** One line for people; nothing where the configured index serves. */
export async function describeStanding(foundation: Foundation, knowledge: Knowledge): Promise<string | undefined> {
  const { course, serving } = await indexStanding(foundation, knowledge)
  const { name } = knowledge.indexes.configured
  const still = `The index ${serving.name} serves; the configuration names another, ${name}`
  if (course === 'automatic')
    return `${still}. A running server, \`npx touchstone ingest\` and \`npx touchstone index build\` build it; then it serves.`
  if (course === 'manual')
    return `${still}. Build it with \`npx touchstone index build\`, then \`npx touchstone index switch ${name}\`.`
  if (course === 'held') return `${still}, which was rolled back. \`npx touchstone index switch ${name}\` lets it serve again.`
  return undefined
}

/** Makes the index of the configured definition, or goes on with it. @returns its name @throws as `bringUp` */
export async function buildConfigured(foundation: Foundation, knowledge: Knowledge, run: BringUpRun): Promise<string> {
  const { state, tenant, clock } = foundation
  const { name } = await addCandidate(state, tenant, knowledge.indexes.configured, clock.now())
  const live = await findIndex(state, tenant, name)
  if (live?.role !== 'serving') await bringUp(name, foundation, knowledge, run)
  return name
}

/**
 * Where nobody wants to decide: a small company changes a line, and the next run follows.
 * @param check throws when what was built must not serve
 * @returns what happened, where something did @throws as `check`, `bringUp`, `switchIndex`
 */
export async function followConfiguration(
  foundation: Foundation,
  knowledge: Knowledge,
  run: BringUpRun,
  check: (name: string) => Promise<void>,
): Promise<SwitchReport | undefined> {
  const { course } = await indexStanding(foundation, knowledge)
  if (course !== 'automatic') return undefined
  const name = await buildConfigured(foundation, knowledge, run)
  await check(name)
  return switchIndex(name, foundation, knowledge, { ...run, action: 'switch' })
}
