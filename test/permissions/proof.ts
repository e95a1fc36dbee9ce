/** The proof: histories by seed, the shortest form of one that fails, and how long each planted leak takes to be found. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTemplate, type Template } from './company.ts'
import { type HistoryOptions, type Outcome, runHistory } from './history.ts'
import type { Tally } from './judge.ts'
import { startElsewhere } from './elsewhere.ts'
import { type Parrot, startParrot } from './parrot.ts'
import type { Plant } from './plants/plant.ts'
import type { IndexPlace, Surroundings } from './product.ts'

/** Histories that begin with the same company. */
const OF_ONE_COMPANY = 16

export interface Prover {
  readonly tally: Tally
  run(history: History, plant?: Plant): Promise<Outcome>
  close(): Promise<void>
}

export interface History {
  readonly seed: number
  readonly steps: readonly number[]
  readonly looks: number
  readonly commandLine?: boolean
}

/** @param indexPlaceOf where the indices are, when not in the folders of the histories */
export async function openProver(indexPlaceOf?: (within: string) => IndexPlace): Promise<Prover> {
  const within = await mkdtemp(join(tmpdir(), 'touchstone-proof-'))
  const parrot: Parrot = await startParrot()
  const elsewhere = await startElsewhere()
  const indexPlace = indexPlaceOf?.(within)
  const surroundings: Surroundings = { modelUrl: parrot.url, elsewhere, ...(indexPlace === undefined ? {} : { indexPlace }) }
  const tally: Tally = { checks: 0, looks: 0, bySurface: new Map() }
  const templates = new Map<number, Promise<Template>>()
  function templateOf(seed: number): Promise<Template> {
    const company = Math.floor(seed / OF_ONE_COMPANY)
    const template = templates.get(company) ?? makeTemplate(join(within, `company-${company}`), company, surroundings)
    templates.set(company, template)
    return template
  }
  return {
    tally,
    run: async (history, plant) => {
      const { tampering, prepare } = plant ?? {}
      const spoiled = { ...(tampering === undefined ? {} : { tampering }), ...(prepare === undefined ? {} : { prepare }) }
      const made: HistoryOptions = {
        ...history,
        ...spoiled,
        template: await templateOf(history.seed),
        surroundings,
        within,
        tally,
      }
      return runHistory(made)
    },
    close: async () => {
      await parrot.close()
      await elsewhere.close()
      for (const template of templates.values()) await indexPlace?.discard((await template).folder)
      await rm(within, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
}

export function stepsUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, ordinal) => ordinal)
}

/** Leaves steps out as long as it still fails. @param attempts histories that may be run for it */
export async function shrink(prover: Prover, history: History, attempts: number, plant?: Plant): Promise<History> {
  let shortest = history
  let left = attempts
  for (let size = Math.ceil(history.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < shortest.steps.length && left > 0;) {
      const steps = shortest.steps.toSpliced(start, size)
      left -= 1
      const fails = await prover.run({ ...shortest, steps }, plant).then(
        ({ violations }) => violations.length > 0,
        () => false,
      )
      if (fails) shortest = { ...shortest, steps }
      else start += size
    }
  }
  return shortest
}

/** What to type to see it again. */
export function replayCommand({ seed, steps, looks }: History): string {
  return `npm run prove:permissions -- --replay ${seed}:${steps.join(',')} --looks ${looks}`
}

export function describeOutcome({ violations, story }: Outcome): string {
  const seen = violations
    .slice(0, 10)
    .map(({ surface, user, message }) => `  ${surface}${user === '' ? '' : ` as ${user}`}: ${message}`)
  return [...story.map((step) => `  ${step}`), ...seen].join('\n')
}

export interface Found {
  readonly plant: string
  readonly ms: number
  readonly seed: number
  readonly steps: number
  readonly by: string
}

export const FIRST_LARGE_SEED = 1 + 2 * OF_ONE_COMPANY
const LARGE_SEEDS: readonly number[] = [FIRST_LARGE_SEED, FIRST_LARGE_SEED + 1, FIRST_LARGE_SEED + 3 * OF_ONE_COMPANY]

/** Of several companies: what a leak shows may by chance be allowed in one of them. */
const PLANT_SEEDS: readonly number[] = [
  1,
  1 + OF_ONE_COMPANY,
  1 + 3 * OF_ONE_COMPANY,
  2,
  2 + OF_ONE_COMPANY,
  2 + 3 * OF_ONE_COMPANY,
]

/** Histories one after the other until the leak is seen. @returns nothing when none of them sees it */
export async function findPlant(prover: Prover, plant: Plant, steps: number, looks: number): Promise<Found | undefined> {
  const began = performance.now()
  for (const seed of plant.large === true ? LARGE_SEEDS : PLANT_SEEDS) {
    const { violations, story } = await prover.run({ seed, steps: stepsUpTo(steps), looks }, plant)
    const [first] = violations
    if (first !== undefined)
      return {
        plant: plant.id,
        ms: performance.now() - began,
        seed,
        steps: story.length,
        by: `${first.surface}: ${first.message}`,
      }
  }
  return undefined
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) / 2
}
