/** The notes that say which documents an index may disagree on with the state. Knows the notes; what settles them is ingestion's. */
import { sql } from 'kysely'
import { inPieces } from './in-pieces.ts'
import type { StateDatabase } from './state-schema.ts'

/** What an index may hold of a document: rows too many or in another scope, or not all rows of the visible version. */
export type Doubt = 'differs' | 'missing'

export interface IndexNote {
  readonly document: string
  /** How often it was said: more than this when it is settled means that there is more to settle. */
  readonly marks: number
  readonly missing: boolean
}

/** Notes them for one index. */
export async function noteDocuments(
  db: StateDatabase,
  tenant: string,
  index: string,
  documents: readonly string[],
  doubt: Doubt,
): Promise<void> {
  const missing = doubt === 'missing' ? 1 : 0
  for (const some of inPieces(documents, NOTES_AT_ONCE))
    await db
      .insertInto('index_pending')
      .values(some.map((document) => ({ tenant, definition: index, document, missing })))
      .onConflict((conflict) => conflict.columns(['tenant', 'definition', 'document']).doUpdateSet(again))
      .execute()
}

/** Notes them for every index of the tenant, other than one that was written already. Run it in the transaction of the change. */
export async function noteEverywhere(
  db: StateDatabase,
  tenant: string,
  documents: readonly string[],
  doubt: Doubt,
  except = '',
): Promise<void> {
  if (documents.length === 0) return
  const names = await db.selectFrom('indexes').select('name').where('tenant', '=', tenant).where('name', '!=', except).execute()
  for (const { name } of names) await noteDocuments(db, tenant, name, documents, doubt)
}

/** Oldest document id first. @param canFill whether notes of missing rows are wanted too */
export async function readNotes(
  db: StateDatabase,
  tenant: string,
  index: string,
  options: { readonly limit: number; readonly missing: boolean },
): Promise<readonly IndexNote[]> {
  const rows = await db
    .selectFrom('index_pending')
    .select(['document', 'marks', 'missing'])
    .where('tenant', '=', tenant)
    .where('definition', '=', index)
    .where('missing', '=', options.missing ? 1 : 0)
    .orderBy('document')
    .limit(options.limit)
    .execute()
  return rows.map((row) => ({ ...row, missing: row.missing === 1 }))
}

/** Of these documents. */
export async function notesOf(
  db: StateDatabase,
  tenant: string,
  index: string,
  documents: readonly string[],
): Promise<readonly IndexNote[]> {
  const notes: IndexNote[] = []
  for (const some of inPieces(documents, NOTES_AT_ONCE)) {
    const rows = await db
      .selectFrom('index_pending')
      .select(['document', 'marks', 'missing'])
      .where('tenant', '=', tenant)
      .where('definition', '=', index)
      .where('document', 'in', some)
      .execute()
    notes.push(...rows.map((row) => ({ ...row, missing: row.missing === 1 })))
  }
  return notes
}

/** How many documents it may disagree on. */
export async function countNotes(db: StateDatabase, tenant: string, index: string): Promise<number> {
  const { count } = await db
    .selectFrom('index_pending')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('definition', '=', index)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Forgets what was settled; what was said again since stays. */
export async function clearNotes(db: StateDatabase, tenant: string, index: string, notes: readonly IndexNote[]): Promise<void> {
  for (const [marks, alike] of Map.groupBy(notes, (note) => note.marks))
    for (const some of inPieces(alike, NOTES_AT_ONCE))
      await db
        .deleteFrom('index_pending')
        .where('tenant', '=', tenant)
        .where('definition', '=', index)
        .where('marks', '=', marks)
        .where(
          'document',
          'in',
          some.map(({ document }) => document),
        ) // prettier-ignore
        .execute()
}

const NOTES_AT_ONCE = 500

/** Rows once missing stay missing until they are made. */
const again = {
  marks: sql<number>`index_pending.marks + 1`,
  missing: sql<number>`case when excluded.missing = 1 then 1 else index_pending.missing end`,
}
