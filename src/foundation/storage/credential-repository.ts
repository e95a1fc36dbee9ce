/** Service keys in the state, secrets only as hashes. */
import type { CredentialRole, CredentialStore, ServiceKey } from '../../contracts/credential.ts'
import type { PrincipalId, TenantId } from '../../contracts/identity.ts'
import type { Clock } from '../concurrency/clock.ts'
import { liftRestoreMark } from './restore-marks.ts'
import type { StateDatabase, StateSchema } from './state-schema.ts'

export function createCredentialStore(db: StateDatabase, clock: Clock): CredentialStore {
  return {
    create: async (key, secretHash) => {
      const { tenant, id, name, principal, role } = key
      const row = { tenant, id, name, principal, role, may_act: Number(key.mayActForUsers), secret_hash: secretHash }
      await db
        .insertInto('service_keys')
        .values({ ...row, created_at: clock.now(), revoked_at: null })
        .execute()
    },
    find: async (id) => {
      const row = await db.selectFrom('service_keys').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : { key: toServiceKey(row), secretHash: row.secret_hash }
    },
    list: async (tenant) => {
      const rows = await db.selectFrom('service_keys').selectAll().where('tenant', '=', tenant).orderBy('created_at').execute()
      return rows.map(toServiceKey)
    },
    revoke: async (tenant, id) => {
      const result = await db
        .updateTable('service_keys')
        .set({ revoked_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      await liftRestoreMark(db, tenant, ['key'], id)
      return result.numUpdatedRows > 0n
    },
    confirm: (tenant, id) =>
      db.transaction().execute(async (transaction) => {
        if (!(await liftRestoreMark(transaction, tenant, ['key'], id))) return false
        const keys = transaction.updateTable('service_keys').set({ revoked_at: null })
        await keys.where('tenant', '=', tenant).where('id', '=', id).execute()
        return true
      }),
  }
}

function toServiceKey(row: StateSchema['service_keys']): ServiceKey {
  return {
    id: row.id,
    tenant: row.tenant as TenantId,
    name: row.name,
    principal: row.principal as PrincipalId,
    role: row.role as CredentialRole,
    mayActForUsers: row.may_act !== 0,
    createdAtMs: row.created_at,
    ...(row.revoked_at === null ? {} : { revokedAtMs: row.revoked_at }),
  }
}
