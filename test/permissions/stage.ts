/** What a step and the looks after it work with. Runs nothing. */
import type { Random } from '../fuzz/random.ts'
import type { Company } from './company.ts'
import type { Sight, Standard } from './judge.ts'
import type { Product, Tenant } from './product.ts'
import { surfaceCatalog } from './surfaces/catalog.ts'
import type { Surface } from './surfaces/surface.ts'
import type { View } from './world.ts'

/** What a step works with. */
export interface Stage {
  readonly product: Product
  readonly company: Company
  readonly random: Random
  /** @param random what to look for; drawn from the step's own when absent */
  look(surface: Surface, user: string, tenant?: Tenant, random?: Random): Promise<Sight>
  /** Fills the violations. */
  weigh(surface: string, user: string, sight: Sight, views: readonly View[], standard: Standard, tenant?: Tenant): void
  sweep(standard: Standard): Promise<void>
}

/** @param steady whether nothing changes meanwhile */
export function drawSurface(random: Random, steady: boolean): Surface {
  const offered = surfaceCatalog.filter((surface) => surface.weight > 0 && (steady || surface.steadyOnly !== true))
  let left = random.next() * offered.reduce((sum, { weight }) => sum + weight, 0)
  return offered.find(({ weight }) => (left -= weight) < 0) ?? offered[0]!
}
