/** A place where the product may show something of a document, as one shape: look as somebody, and say what came back. */
import type { Random } from '../../fuzz/random.ts'
import type { Company } from '../company.ts'
import type { Sight } from '../judge.ts'
import type { Product, Running, Tenant } from '../product.ts'
import type { KnownDocument, World } from '../world.ts'

export interface Look {
  readonly product: Product
  /** The tenant that is asked. */
  readonly running: Running
  readonly tenant: Tenant
  readonly company: Company
  readonly world: World
  readonly user: string
  readonly random: Random
}

export interface Surface {
  readonly id: string
  /** How often it is looked at, beside 1 for the usual; 0: only by those who name it. */
  readonly weight: number
  /** Compares with the oracle of the moment by itself, so not while something changes. */
  readonly steadyOnly?: boolean
  /** Whether an edit in the middle of its request must count, and at which moments. */
  readonly moments?: readonly ('authorise' | 'recall' | 'filtered' | 'retrieve' | 'check')[]
  look(look: Look): Promise<Sight>
}

/** Stands in every document. */
export const COMMON_WORD = 'ledger'

export function parsed<Content>(text: string): Partial<Content> {
  try {
    return JSON.parse(text) as Partial<Content>
  } catch {
    return {}
  }
}

export function anyDocument({ world, random }: Look): KnownDocument {
  return random.pick([...world.documents.values()])
}

export function documentPath(id: string): string {
  return `/v1/documents/${encodeURIComponent(id)}`
}
