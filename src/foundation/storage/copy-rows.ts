/** Rows of one table carried from one state to another, in pages. Knows nothing of what they mean. */
import { inPieces } from './in-pieces.ts'
import type { Insertable, Selectable } from 'kysely'
import type { StateDatabase, StateSchema } from './state-schema.ts'

export type TableName = keyof StateSchema

/** Rows at once: with the widest table, below the number of parameters that one statement may have. */
const ROWS = 500

/** The tenant's rows of a table, ordered by these columns, page by page. */
export async function* readRows<Table extends TableName>(
  from: StateDatabase,
  table: Table,
  tenant: string,
  order: readonly string[],
  rowsAtOnce = ROWS,
): AsyncGenerator<readonly Selectable<StateSchema[Table]>[]> {
  for (let offset = 0; ; offset += rowsAtOnce) {
    let query = from
      .selectFrom(table as 'users')
      .selectAll()
      .where('tenant', '=', tenant)
    for (const column of order) query = query.orderBy(column as 'id')
    const rows = (await query.limit(rowsAtOnce).offset(offset).execute()) as unknown as Selectable<StateSchema[Table]>[]
    if (rows.length > 0) yield rows
    if (rows.length < rowsAtOnce) return
  }
}

/** Rows that are there already stay as they are. */
export async function addRows<Table extends TableName>(
  to: StateDatabase,
  table: Table,
  rows: readonly Insertable<StateSchema[Table]>[],
): Promise<void> {
  for (const some of inPieces(rows, ROWS))
    await to
      .insertInto(table as 'users')
      .values(some as unknown as Insertable<StateSchema['users']>[])
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}
