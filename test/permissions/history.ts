/** One history: steps drawn from a seed, each followed by looks at every surface. Stops at the first violation. Knows no single surface. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../fuzz/random.ts'
import { tellElsewhere, USERS } from './changes.ts'
import { type Company, copyTemplate, drawCompany, type Template } from './company.ts'
import { type Bench, judge, type Standard, type Tally, type Violation } from './judge.ts'
import { configOf, openProduct, type Product, type Surroundings, type Tampering, type Tenant, TENANTS } from './product.ts'
import type { Random } from '../fuzz/random.ts'
import { drawSurface, type Stage } from './stage.ts'
import { drawStep } from './steps.ts'
import { surfaceCatalog, sweptSurfaces } from './surfaces/catalog.ts'

export interface HistoryOptions {
  readonly seed: number
  /** Which of its steps are done: all of them, or those that a shrunk history kept. */
  readonly steps: readonly number[]
  /** Looks after each step, beside those that everybody takes. */
  readonly looks: number
  readonly template: Template
  readonly surroundings: Surroundings
  /** Where its folder is made. */
  readonly within: string
  readonly tampering?: Tampering
  readonly prepare?: (folder: string) => Promise<void>
  readonly tally: Tally
  /** Looks through the command line cost a process each. */
  readonly commandLine?: boolean
}

export interface Outcome {
  readonly violations: readonly Violation[]
  /** What was done until then. */
  readonly story: readonly string[]
}

let made = 0

export async function runHistory(options: HistoryOptions): Promise<Outcome> {
  const folder = join(options.within, `history-${options.seed}-${++made}`)
  await copyTemplate(options.template, folder)
  await options.prepare?.(folder)
  const company = drawCompany(options.template.seed)
  const setting = { ...options.surroundings, pinned: company.pinned }
  await options.surroundings.indexPlace?.fill(folder, (tenant) => configOf(tenant, folder, setting))
  const product = await openProduct(folder, setting, options.template.keys, options.tampering)
  try {
    for (const tenant of TENANTS) tellElsewhere(product, company.worlds[tenant])
    return await play(options, product, company)
  } finally {
    await product.close()
    await options.surroundings.indexPlace?.discard(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

async function play(options: HistoryOptions, product: Product, company: Company): Promise<Outcome> {
  const violations: Violation[] = []
  const story: string[] = []
  for (const ordinal of [-1, ...options.steps]) {
    const random = seededRandom(`step ${options.seed}/${ordinal}`)
    const stage = createStage(options, product, company, random, violations)
    if (ordinal >= 0) story.push(`${ordinal}: ${await drawStep(stage)}`)
    if (violations.length === 0) await stage.sweep('exact')
    weighLog(product, company, violations)
    if (violations.length > 0) break
  }
  return { violations, story }
}

function createStage(
  { looks, tally, commandLine = false }: HistoryOptions,
  product: Product,
  company: Company,
  random: Random,
  violations: Violation[],
): Stage {
  const benches = Object.fromEntries(TENANTS.map((tenant) => [tenant, benchOf(company, tenant, tally)])) as Record<Tenant, Bench>
  const look: Stage['look'] = (surface, user, tenant = 'red', drawn = random) =>
    surface.look({
      product,
      company,
      tenant,
      running: product.running[tenant],
      world: company.worlds[tenant],
      user,
      random: drawn,
    })
  const weigh: Stage['weigh'] = (surface, user, sight, views, standard, tenant = 'red') =>
    void violations.push(...judge(surface, user, sight, views, standard, benches[tenant]))
  const sweep = async (standard: Standard): Promise<void> => {
    const views = { red: [company.worlds.red.view()], blue: [company.worlds.blue.view()] }
    for (const surface of sweptSurfaces)
      for (const user of USERS) weigh(surface.id, user, await look(surface, user), views.red, standard)
    for (let count = 0; count < looks && violations.length === 0; count++) {
      const surface = drawSurface(random, standard === 'exact')
      const user = random.pick(USERS)
      const tenant = random.next() < 0.15 ? 'blue' : 'red'
      weigh(surface.id, user, await look(surface, user, tenant), views[tenant], tenant === 'blue' ? 'exact' : standard, tenant)
    }
    if (!commandLine || random.next() > 0.02) return
    const surface = surfaceCatalog.find(({ id }) => id === 'command line')!
    const user = random.pick(USERS)
    weigh(surface.id, user, await look(surface, user), views.red, standard)
  }
  return { product, company, random, look, weigh, sweep }
}

function benchOf({ worlds, words }: Company, tenant: Tenant, tally: Tally): Bench {
  return {
    world: worlds[tenant],
    others: TENANTS.filter((other) => other !== tenant).map((other) => worlds[other]),
    words,
    tally,
  }
}

/** A log is read by people who may read none of the documents. */
function weighLog(product: Product, { words }: Company, violations: Violation[]): void {
  const log = product.takeLog()
  for (const word of words.found(log)) violations.push({ surface: 'log', user: '', message: `holds ${word}: ${log}` })
}
