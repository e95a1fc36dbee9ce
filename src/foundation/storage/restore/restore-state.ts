/**
 * Brings the content of a backed-up state into a live one, in one transaction, without bringing back a right that was taken away since.
 * Knows which of the two states is the authority on what; knows nothing of files or of the index.
 */
import { putRestoreMark } from '../restore-marks.ts'
import { readGeneration, setGeneration, type GenerationName } from '../generations.ts'
import { serveEpoch } from '../live-indexes.ts'
import { takeTurn } from '../state-dialect.ts'
import { addRows, readRows } from '../copy-rows.ts'
import { bringDirectory, bringHistory, bringKeys } from './restore-directory.ts'
import { mergeDocuments } from './merge-documents.ts'
import { replaceDocuments } from './replace-documents.ts'
import type { RestoredState, StateRestore } from './state-restore.ts'

/** Restored texts, before the transaction: content that nothing refers to yet harms nobody, and would make the transaction long. */
export async function stageTexts({ from, to, tenant }: StateRestore, onRow: () => void): Promise<void> {
  for await (const rows of readRows(from, 'blobs', tenant, ['hash'], 50)) {
    await to.transaction().execute((transaction) => addRows(transaction, 'blobs', rows))
    for (let row = 0; row < rows.length; row++) onRow()
  }
}

/** The caller holds the ingest lease and has staged the texts. All of it, or nothing of it. */
export async function restoreState(restore: StateRestore): Promise<RestoredState> {
  return restore.to.transaction().execute(async (transaction) => {
    await takeTurn(transaction, restore.tenant, 'documents')
    await takeTurn(transaction, restore.tenant, 'principals')
    const into = { ...restore, to: transaction }
    const continued = await isContinued(into)
    const outcome = continued ? await mergeInto(into) : await replaceIn(into)
    const { sources, declared, directory, keys } = outcome.withheld
    const mark = (kind: Parameters<typeof putRestoreMark>[2], id: string): Promise<void> =>
      putRestoreMark(transaction, restore.tenant, kind, id, restore.nowMs)
    for (const source of sources) await mark('source', source)
    for (const source of declared) await mark('declared', source)
    for (const key of keys) await mark('key', key)
    if (directory) await mark('directory', '')
    await mark('index', '')
    await passGenerations(into, continued)
    return outcome
  })
}

async function mergeInto(restore: StateRestore): Promise<RestoredState> {
  const { sources, returned, ...documents } = await mergeDocuments(restore)
  return { continued: true, documents, withheld: { ...(await split(restore, sources, returned)), directory: false, keys: [] } }
}

async function replaceIn(restore: StateRestore): Promise<RestoredState> {
  const { sources, returned, ...documents } = await replaceDocuments(restore)
  const keys = await bringKeys(restore)
  const directory = await bringDirectory(restore)
  await bringHistory(restore)
  return { continued: false, documents, withheld: { ...(await split(restore, sources, returned)), directory, keys } }
}

/** Sources that can be asked again, and those whose permissions only the state has: pushed ones, and folders added by hand that this state had no longer. */
async function split(
  { to, tenant, keptKinds }: StateRestore,
  restored: readonly string[],
  returned: readonly string[],
): Promise<{ sources: string[]; declared: string[] }> {
  const rows = await to.selectFrom('sources').select(['id', 'kind', 'detail']).where('tenant', '=', tenant).execute()
  const declared = new Set(
    rows.filter(({ id, kind, detail }) => keptKinds.has(kind) || (returned.includes(id) && detail !== '{}')).map(({ id }) => id),
  )
  return { sources: restored.filter((id) => !declared.has(id)), declared: restored.filter((id) => declared.has(id)) }
}

/** Whether the live state is the backed-up one at a later time. Every doubt means that it is not. */
async function isContinued({ from, to, tenant }: StateRestore): Promise<boolean> {
  const lineage = await readGeneration(from, tenant, 'lineage')
  if (lineage === 0 || lineage !== (await readGeneration(to, tenant, 'lineage'))) return false
  // Older than the backup: somebody put back an old folder by hand.
  if ((await readGeneration(to, tenant, 'access')) < (await readGeneration(from, tenant, 'access'))) return false
  const places = new Map<number, string>()
  for await (const rows of readRows(to, 'scopes', tenant, ['id']))
    for (const row of rows) places.set(row.id, `${row.source} ${row.place}`)
  for await (const rows of readRows(from, 'scopes', tenant, ['id']))
    if (rows.some((row) => places.get(row.id) !== `${row.source} ${row.place}`)) return false
  const [last] = await from.selectFrom('audit').selectAll().where('tenant', '=', tenant).orderBy('id', 'desc').limit(1).execute()
  if (last === undefined) return true
  const here = await to.selectFrom('audit').select(['at', 'action', 'target']).where('id', '=', last.id).executeTakeFirst()
  return here !== undefined && here.at === last.at && here.action === last.action && here.target === last.target
}

/** Never back: what was remembered under a generation must not be taken for what it is now. */
async function passGenerations({ from, to, tenant, lineage, indexEpoch }: StateRestore, continued: boolean): Promise<void> {
  for (const name of ['access', 'index'] as const satisfies GenerationName[]) {
    const [before, there] = [await readGeneration(to, tenant, name), await readGeneration(from, tenant, name)]
    await setGeneration(to, tenant, name, Math.max(before, there) + 1)
  }
  await serveEpoch(to, tenant, indexEpoch, { isRestored: true })
  if (!continued) await setGeneration(to, tenant, 'lineage', lineage)
}
