/** Carries the groups of a verified token into the directory. Knows nothing of tokens' signatures. */
import type { TenantId } from '../../contracts/identity.ts'
import type { PrincipalDirectory } from '../../contracts/principal-directory.ts'
import { PRINCIPAL_NAME } from '../../foundation/access/principal.ts'
import type { VerifiedToken } from './token-verifier.ts'

export interface TokenGroups {
  /** Does nothing when the token names no groups, or when the directory already says the same. */
  sync(token: VerifiedToken): Promise<void>
}

const REMEMBERED_USERS = 10_000

/** Each token is carried over once, and never one that is older than the last: holding on to an old token must not bring back lost groups. */
export function createTokenGroups(directory: PrincipalDirectory, tenant: TenantId): TokenGroups {
  const carried = new Map<string, { readonly issuedAt: number; readonly groups: string }>()
  return {
    sync: async (token) => {
      if (token.groups === undefined) return
      // A claim that cannot be a principal grants and denies nothing.
      const groups = [...new Set(token.groups)].filter((group) => PRINCIPAL_NAME.test(group)).sort()
      const last = carried.get(token.user)
      const fingerprint = groups.join(',')
      if (
        last !== undefined &&
        (token.issuedAt < last.issuedAt || (token.issuedAt === last.issuedAt && fingerprint === last.groups))
      )
        return
      await putWhenDifferent(directory, tenant, token, groups)
      carried.delete(token.user)
      carried.set(token.user, { issuedAt: token.issuedAt, groups: fingerprint })
      const [oldest] = carried.keys()
      if (carried.size > REMEMBERED_USERS && oldest !== undefined) carried.delete(oldest)
    },
  }
}

async function putWhenDifferent(
  directory: PrincipalDirectory,
  tenant: TenantId,
  token: VerifiedToken,
  groups: readonly string[],
): Promise<void> {
  const known = (await directory.users(tenant)).find((user) => user.id === token.user)
  if (known !== undefined && [...known.groups].sort().join(',') === groups.join(',')) return
  // The issuer decides who is in which group, not who is disabled here.
  const user = { id: token.user, name: known?.name ?? token.name, disabled: known?.disabled ?? false, groups }
  await directory.putUser(tenant, user, 'token')
}
