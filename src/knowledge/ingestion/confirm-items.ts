/** Items whose source is the state itself, as they are inside a transaction: they may have changed since they were listed. */
import type { SourceItem } from '../../contracts/connector.ts'
import { inPieces } from '../../foundation/storage/in-pieces.ts'
import { pushedRows, toSourceItem } from '../../foundation/storage/pushed-repository.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import type { IngestSource } from './ingest-parts.ts'

/**
 * Without it a run that listed a document before its readers were taken away would give them back,
 * and would bring back what was deleted meanwhile.
 * @returns by path what may be relied on until the transaction ends; what is left out is gone, or has other content *and*
 * other readers by now, so that neither fits the other: a later run takes it up. So does one whose content was replaced before
 * anything of it was visible: it may have been deleted in between, and what was deleted is published by nobody
 */
export async function confirmItems(
  transaction: StateDatabase,
  tenant: string,
  source: IngestSource,
  items: readonly SourceItem[],
): Promise<ReadonlyMap<string, SourceItem>> {
  if (source.isKeptInState !== true) return new Map(items.map((item) => [item.path, item]))
  const paths = items.map((item) => item.path)
  const now = new Map((await pushedRows(transaction, tenant, source.id, paths)).map((row) => [row.path, toSourceItem(row)]))
  const visible = await visiblePaths(transaction, tenant, source.id, paths)
  return new Map(
    items.flatMap((item): [string, SourceItem][] => {
      const newer = now.get(item.path)
      if (newer === undefined) return []
      if (newer.changeMark === item.changeMark) return [[item.path, newer]]
      return visible.has(item.path) && placesOf(newer) === placesOf(item) ? [[item.path, item]] : []
    }),
  )
}

function placesOf(item: SourceItem): string {
  return JSON.stringify(item.access.map((declared) => declared.place))
}

async function visiblePaths(
  db: StateDatabase,
  tenant: string,
  source: string,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const visible = new Set<string>()
  for (const piece of inPieces(paths)) {
    const query = db.selectFrom('documents').select('path').where('tenant', '=', tenant).where('source', '=', source)
    for (const { path } of await query.where('path', 'in', piece).execute()) visible.add(path)
  }
  return visible
}
