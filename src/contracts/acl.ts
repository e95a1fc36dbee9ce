/** Who may read: what an access control list is. Knows nothing of users, groups or storage. */
import type { PrincipalId } from './identity.ts'

/** One clause of an ACL; satisfied when one of `any` is among the reader's principals. An empty `any` is never satisfied. */
export interface AclClause {
  readonly any: readonly PrincipalId[]
}

/**
 * A person reads when no principal of theirs is in `deny`, `all` has at least one clause,
 * and every clause names one of theirs. So an ACL without clauses, like a missing one, means nobody.
 */
export interface Acl {
  readonly deny: readonly PrincipalId[]
  readonly all: readonly AclClause[]
}

/** What one place declares: `all` replaces what is inherited, `deny` adds to it. `invalid` means nobody, whatever else stands there. */
export interface AclDeclaration {
  readonly deny?: readonly PrincipalId[]
  readonly all?: readonly AclClause[]
  readonly invalid?: string
}
