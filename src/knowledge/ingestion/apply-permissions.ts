/** Brings the permissions of known documents up to date: small writes, before any parsing, never touching text or vectors. */
import type { DeclaredAccess, SourceItem } from '../../contracts/connector.ts'
import type { DocumentId, ScopeId } from '../../contracts/identity.ts'
import { putScope } from '../../foundation/access/scope-repository.ts'
import { moveDocument, moveDocuments, rememberChangeMark, withdrawDocuments } from '../../foundation/storage/document-writer.ts'
import { inTransaction } from '../../foundation/storage/in-transaction.ts'
import { settlePushed } from '../../foundation/storage/pushed-repository.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import { confirmItems } from './confirm-items.ts'
import type { IngestParts, IngestSource } from './ingest-parts.ts'
import { accessChain, type KnownDocument, type SourcePlan } from './source-plan.ts'

/** Nobody reads what cannot be listed or read any more. */
const WITHHELD: readonly DeclaredAccess[] = [{ place: 'withheld', declaration: { invalid: 'could not be read' } }]
/** No listing has this mark, so a withheld document is read as soon as it can be. */
export const WITHHELD_MARK = ''

/** Writes scopes and deletions in one transaction, so that a reader sees the old rights or the new ones. */
export async function applyPermissions(plan: SourcePlan, source: IngestSource, parts: IngestParts): Promise<void> {
  await parts.state.transaction().execute(async (transaction) => {
    const scopeOf = createScopeMemo(transaction, parts.tenant, source.id)
    const move = async (id: DocumentId, changeMark: string, scope: ScopeId): Promise<void> =>
      moveDocument(transaction, parts.tenant, id, { scope, changeMark })
    const listed = [...plan.unchanged, ...plan.changed].map(({ item }) => item)
    const confirmed = await confirmItems(transaction, parts.tenant, source, listed)
    const moved: { readonly id: DocumentId; readonly scope: ScopeId }[] = []
    for (const { item: before, known } of plan.unchanged) {
      const item = confirmed.get(before.path)
      if (item === undefined) continue
      const { scope } = await scopeOf(accessChain(item, known.declared))
      if (scope !== known.scope) moved.push({ id: known.id, scope })
    }
    for (const [scope, documents] of Map.groupBy(moved, (entry) => entry.scope)) {
      const ids = documents.map(({ id }) => id)
      await moveDocuments(transaction, parts.tenant, ids, scope)
    }
    const withheld = (await scopeOf(WITHHELD)).scope
    for (const { item: before, known } of plan.changed) {
      const item = confirmed.get(before.path)
      if (item === undefined || known === undefined || isWithheld(known)) continue
      // The old text must not be read under new rights, nor the old rights outlive their end: nobody reads it until the new text is there.
      const { scope, changed } = await scopeOf(accessChain(item, known.declared))
      if (changed || scope !== known.scope) await move(known.id, WITHHELD_MARK, withheld)
    }
    for (const known of plan.withheld) if (known.scope !== withheld) await move(known.id, WITHHELD_MARK, withheld)
  })
  if (plan.gone.length > 0) await withdrawDocuments(parts.state, parts.tenant, plan.gone)
}

/** A document whose new bytes cannot be read: they may have carried a stricter rule, so the old version is withheld. */
export async function withholdDocument(
  id: DocumentId,
  source: string,
  parts: Pick<IngestParts, 'state' | 'tenant'>,
): Promise<void> {
  await inTransaction(parts.state, async (transaction) => {
    const { scope } = await putScope(transaction, parts.tenant, source, WITHHELD)
    await moveDocument(transaction, parts.tenant, id, { scope, changeMark: WITHHELD_MARK })
  })
}

/** The bytes are those of the visible version: it stays, is readable again if it was withheld, and is not read again until it changes. */
export async function keepDocument(
  { item, known }: { readonly item: SourceItem; readonly known: KnownDocument },
  source: IngestSource,
  parts: IngestParts,
): Promise<void> {
  const { changeMark } = item
  await parts.state.transaction().execute(async (transaction) => {
    const confirmed = (await confirmItems(transaction, parts.tenant, source, [item])).get(item.path)
    if (confirmed === undefined) return
    if (source.isKeptInState === true) await settlePushed(transaction, parts.tenant, known.id, changeMark)
    const { scope } = await putScope(transaction, parts.tenant, source.id, accessChain(confirmed, known.declared))
    const now = await transaction
      .selectFrom('documents')
      .select('scope')
      .where('tenant', '=', parts.tenant)
      .where('id', '=', known.id)
      .executeTakeFirst()
    if (now?.scope === scope) await rememberChangeMark(transaction, parts.tenant, known.id, changeMark)
    else await moveDocument(transaction, parts.tenant, known.id, { scope, changeMark })
  })
}

function isWithheld(known: KnownDocument): boolean {
  return known.changeMark === WITHHELD_MARK
}

/** Looks each distinct chain up once a run. `changed` says that the run changed what an existing scope means. */
export function createScopeMemo(
  state: StateDatabase,
  tenant: string,
  source: string,
): (chain: readonly DeclaredAccess[]) => Promise<{ readonly scope: ScopeId; readonly changed: boolean }> {
  const known = new Map<string, { readonly scope: ScopeId; readonly changed: boolean }>()
  return async (chain) => {
    const key = JSON.stringify(chain)
    const found = known.get(key) ?? (await putScope(state, tenant, source, chain))
    known.set(key, found)
    return found
  }
}
