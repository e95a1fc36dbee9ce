/** Service keys: who holds one, and what it allows. Secrets are only ever stored as hashes. */
import type { PrincipalId, TenantId } from './identity.ts'

/**
 * `ask`: as itself or on behalf of users. `admin`: also manages principals, keys, sources, and reads audit and all traces.
 * `push`: writes pushed documents and nothing else. `directory`: keeps users and groups by SCIM and nothing else.
 */
export type CredentialRole = 'ask' | 'admin' | 'push' | 'directory'

export interface ServiceKey {
  /** Public part, also the look-up key: the key reads `ts_<id>_<secret>`. */
  readonly id: string
  readonly tenant: TenantId
  readonly name: string
  /** `service:NAME`, or the one user that the key is for. */
  readonly principal: PrincipalId
  readonly role: CredentialRole
  /** Whether it may name a user to act for. */
  readonly mayActForUsers: boolean
  readonly createdAtMs: number
  readonly revokedAtMs?: number
}

export interface CredentialStore {
  create(key: Omit<ServiceKey, 'createdAtMs' | 'revokedAtMs'>, secretHash: string): Promise<void>
  /** The key and its secret's hash, revoked ones included; nothing when unknown. */
  find(id: string): Promise<{ readonly key: ServiceKey; readonly secretHash: string } | undefined>
  list(tenant: TenantId): Promise<readonly ServiceKey[]>
  /** @returns whether there was such a key that was not yet revoked */
  revoke(tenant: TenantId, id: string): Promise<boolean>
  /** Makes a key that a restore brought back revoked work again. @returns whether there was one that waited for it */
  confirm(tenant: TenantId, id: string): Promise<boolean>
}
