/** Counters that tell whether something changed since it was read. A change and its counter move in one transaction. */
import type { StateDatabase } from './state-schema.ts'

/**
 * `access`: users, groups, scopes and the scope of documents. `index`: content.
 * `index-epoch`: which of the index's folders served before `indexes` said it; only read. `lineage`: which state this is.
 */
export type GenerationName = 'access' | 'index' | 'index-epoch' | 'lineage'

export async function readGeneration(db: StateDatabase, tenant: string, name: GenerationName): Promise<number> {
  const row = await db
    .selectFrom('generations')
    .select('value')
    .where('tenant', '=', tenant)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value ?? 0
}

/** Both counters at one moment, as a mark that changes with either. */
export async function readGenerations(db: StateDatabase, tenant: string): Promise<string> {
  const rows = await db
    .selectFrom('generations')
    .select(['name', 'value'])
    .where('tenant', '=', tenant)
    .where('name', 'in', ['access', 'index'])
    .orderBy('name')
    .execute()
  return rows.map(({ name, value }) => `${name} ${value}`).join()
}

export async function raiseGeneration(db: StateDatabase, tenant: string, name: GenerationName): Promise<void> {
  await db
    .insertInto('generations')
    .values({ tenant, name, value: 1 })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'name']).doUpdateSet((old) => ({ value: old('generations.value', '+', 1) })),
    )
    .execute()
}

/** Writes a value that is no count: an epoch, a lineage. */
export async function setGeneration(db: StateDatabase, tenant: string, name: GenerationName, value: number): Promise<void> {
  await db
    .insertInto('generations')
    .values({ tenant, name, value })
    .onConflict((conflict) => conflict.columns(['tenant', 'name']).doUpdateSet({ value }))
    .execute()
}
