/** What the indices of one definition are called in the cluster. Knows names only; asks nobody. */
import { INDEX_LEVELS } from '../../foundation/storage/index-shape.ts'
import type { IndexLevel } from '../../contracts/document-index.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import { fromPlainName, toPlainName } from '../../foundation/storage/plain-name.ts'

/** A name in the cluster has 255 bytes at most, and other parts need room beside the tenant. */
const LONGEST_TENANT = 64

/**
 * `prefix.tenant.definition.level` is an alias; the index behind it has one part more. A snapshot is a pair of aliases with
 * `snapshot-HASH` before the level. No part holds a dot, so that parts tell what a name means.
 */
export class IndexNames {
  readonly #base: string

  constructor(prefix: string, tenant: string, definition: string) {
    this.#base = `${tenantBase(prefix, tenant)}.${toPlainName(definition)}`
  }

  /** Where reads and writes of a level go. */
  live(level: IndexLevel): string {
    return `${this.#base}.${level}`
  }

  snapshot(name: string, level: IndexLevel): string {
    return `${this.#base}.snapshot-${contentHash(name)}.${level}`
  }

  /** Every index of this definition, snapshots too. */
  get all(): string {
    return `${this.#base}.*`
  }

  get both(): string {
    return INDEX_LEVELS.map((level) => this.live(level)).join(',')
  }
}

/** All aliases of chunks that a tenant has, snapshots too. */
export function aliasesOfTenant(prefix: string, tenant: string): string {
  return `${tenantBase(prefix, tenant)}.*.chunks`
}

/** The definition that a live alias serves; nothing for a snapshot's. */
export function definitionOf(alias: string): string | undefined {
  const [, , definition, level, ...rest] = alias.split('.')
  return definition !== undefined && level === 'chunks' && rest.length === 0 ? fromPlainName(definition) : undefined
}

function tenantBase(prefix: string, tenant: string): string {
  const plain = toPlainName(tenant)
  // Two underscores never begin a plain name.
  return `${prefix}.${plain.length <= LONGEST_TENANT ? plain : `__${contentHash(tenant)}`}`
}
