/** The audit log in the state: rows are only ever added. */
import type { AuditLog } from '../../contracts/audit.ts'
import type { TenantId } from '../../contracts/identity.ts'
import type { Clock } from '../concurrency/clock.ts'
import type { StateDatabase } from './state-schema.ts'

export function createAuditLog(db: StateDatabase, clock: Clock): AuditLog {
  return {
    append: async (entry) => {
      const { tenant, actor, action, target } = entry
      const row = { tenant, at: clock.now(), actor, on_behalf_of: entry.onBehalfOf ?? null, action, target }
      await db
        .insertInto('audit')
        .values({ ...row, details: JSON.stringify(entry.details ?? {}) })
        .execute()
    },
    recent: async (tenant, limit) => {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        tenant: row.tenant as TenantId,
        atMs: row.at,
        actor: row.actor,
        ...(row.on_behalf_of === null ? {} : { onBehalfOf: row.on_behalf_of }),
        action: row.action,
        target: row.target,
        details: JSON.parse(row.details) as Record<string, string | number | boolean>,
      }))
    },
  }
}
