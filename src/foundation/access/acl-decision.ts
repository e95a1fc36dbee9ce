/** What an ACL means, as pure functions: deciding, combining declarations, and the canonical form that is interned. */
import type { Acl, AclDeclaration } from '../../contracts/acl.ts'
import type { PrincipalId } from '../../contracts/identity.ts'

/** Whether a holder of these principals reads. A missing ACL, no clause, or an empty clause means no. */
export function mayRead(acl: Acl | undefined, principals: ReadonlySet<PrincipalId>): boolean {
  if (acl === undefined || acl.all.length === 0 || principals.size === 0) return false
  if (acl.deny.some((principal) => principals.has(principal))) return false
  return acl.all.every((clause) => clause.any.some((principal) => principals.has(principal)))
}

/**
 * Combines declarations from the outermost place to the innermost: the nearest `all` replaces the inherited one,
 * denies accumulate, one invalid declaration anywhere means nobody.
 * @returns nothing when nobody may read
 */
export function combineDeclarations(declarations: readonly AclDeclaration[]): Acl | undefined {
  if (declarations.some((declaration) => declaration.invalid !== undefined)) return undefined
  const all = declarations.findLast((declaration) => declaration.all !== undefined)?.all
  if (all === undefined || all.length === 0) return undefined
  return canonicalAcl({ deny: declarations.flatMap((declaration) => declaration.deny ?? []), all })
}

/** Sorted, without repetitions, without clauses that a stricter clause implies. Equal meaning written alike becomes one row. */
export function canonicalAcl(acl: Acl): Acl {
  const clauses = acl.all.map((clause) => ({ any: sortedUnique(clause.any) }))
  const texts = new Map(clauses.map((clause) => [clause.any.join(' '), clause]))
  const distinct = [...texts].map(([text, clause]) => ({ text, clause, members: new Set(clause.any) }))
  const needed = distinct.filter(({ members }) => !distinct.some((other) => isProperSubset(other.members, members)))
  return {
    deny: sortedUnique(acl.deny),
    all: needed.sort((left, right) => (left.text < right.text ? -1 : 1)).map(({ clause }) => clause),
  }
}

/** By sets: a clause may name ten thousand, and there may be a hundred. */
function isProperSubset(inner: ReadonlySet<PrincipalId>, outer: ReadonlySet<PrincipalId>): boolean {
  return inner.size < outer.size && inner.isSubsetOf(outer)
}

function sortedUnique(principals: readonly PrincipalId[]): PrincipalId[] {
  return [...new Set(principals)].sort()
}
