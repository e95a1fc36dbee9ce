/** Users and groups as they are kept: written by configuration, CSV, API or token claims. */
import type { TenantId } from './identity.ts'

/** Where a principal comes from; a synchronisation replaces only what it brought itself. What a directory service keeps, only that changes. */
export type PrincipalOrigin = 'config' | 'api' | 'token'

export interface DirectoryUser {
  readonly id: string
  readonly name: string
  readonly disabled: boolean
  /** Groups the user is directly in. */
  readonly groups: readonly string[]
}

export interface DirectoryGroup {
  readonly id: string
  readonly name: string
  /** Groups this group is a member of; cycles are tolerated. */
  readonly parents: readonly string[]
}

export interface PrincipalDirectory {
  users(tenant: TenantId): Promise<readonly DirectoryUser[]>
  groups(tenant: TenantId): Promise<readonly DirectoryGroup[]>
  /** Whether this person was disabled or removed. Who was never known is not. */
  isBarred(tenant: TenantId, user: string): Promise<boolean>
  /** A token changes nobody whom a directory service keeps, and brings back nobody who was removed. @throws TouchstoneError PRINCIPAL_PROVISIONED */
  putUser(tenant: TenantId, user: DirectoryUser, origin: PrincipalOrigin): Promise<void>
  putGroup(tenant: TenantId, group: DirectoryGroup, origin: PrincipalOrigin): Promise<void>
  /** @returns whether there was one @throws TouchstoneError PRINCIPAL_PROVISIONED */
  deleteUser(tenant: TenantId, id: string): Promise<boolean>
  deleteGroup(tenant: TenantId, id: string): Promise<boolean>
  /** Makes the principals of one origin exactly these; does nothing, and keeps the generation, when they already are. */
  replaceAll(
    tenant: TenantId,
    origin: PrincipalOrigin,
    users: readonly DirectoryUser[],
    groups: readonly DirectoryGroup[],
  ): Promise<void>
}
