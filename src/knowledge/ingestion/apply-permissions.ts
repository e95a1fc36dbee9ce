/** Brings the permissions of known documents up to date: small writes, before any parsing, never touching text or vectors. */
import type { DeclaredAccess, SourceItem } from '../../contracts/connector.ts'
import type { DocumentId, ScopeId } from '../../contracts/identity.ts'
import { putScope } from '../../foundation/access/scope-repository.ts'
import { moveDocument, rememberChangeMark, withdrawDocuments } from '../../foundation/storage/document-writer.ts'
import type { StateDatabase } from '../../foundation/storage/state-schema.ts'
import type { IngestParts, IngestSource } from './ingest-parts.ts'
import type { KnownDocument, SourcePlan } from './source-plan.ts'

/** Nobody reads what cannot be listed or read any more. */
const WITHHELD: readonly DeclaredAccess[] = [{ place: 'withheld', declaration: { invalid: 'could not be read' } }]
/** No listing has this mark, so a withheld document is read as soon as it can be. */
export const WITHHELD_MARK = ''

/** Writes scopes and deletions in one transaction, so that a reader sees the old rights or the new ones. */
export async function applyPermissions(plan: SourcePlan, source: IngestSource, parts: IngestParts): Promise<void> {
  await parts.state.transaction().execute(async (transaction) => {
    const scopeOf = createScopeMemo(transaction, parts.tenant, source.id)
    const move = async (id: DocumentId, from: number, changeMark: string, chain: readonly DeclaredAccess[]): Promise<void> => {
      const scope = await scopeOf(chain)
      if (scope !== from) await moveDocument(transaction, parts.tenant, parts.definition, id, { scope, changeMark })
    }
    for (const { item, known } of plan.unchanged)
      await move(known.id, known.scope, known.changeMark, [...item.access, ...known.declared])
    for (const { item, known } of plan.changed)
      // Until the new version is read, the places around it and its own last word decide; what is withheld stays so.
      if (known !== undefined && !isWithheld(known))
        await move(known.id, known.scope, known.changeMark, [...item.access, ...known.declared])
    for (const known of plan.withheld) await move(known.id, known.scope, WITHHELD_MARK, WITHHELD)
  })
  if (plan.gone.length > 0) await withdrawDocuments(parts.state, parts.tenant, parts.definition, plan.gone)
}

/** A document whose new bytes cannot be read: they may have carried a stricter rule, so the old version is withheld. */
export async function withholdDocument(id: DocumentId, source: string, parts: IngestParts): Promise<void> {
  await parts.state.transaction().execute(async (transaction) => {
    const { scope } = await putScope(transaction, parts.tenant, source, WITHHELD)
    await moveDocument(transaction, parts.tenant, parts.definition, id, { scope, changeMark: WITHHELD_MARK })
  })
}

/** The bytes are those of the visible version: it stays, is readable again if it was withheld, and is not read again until it changes. */
export async function keepDocument(
  { item, known }: { readonly item: SourceItem; readonly known: KnownDocument },
  source: IngestSource,
  parts: IngestParts,
): Promise<void> {
  const { changeMark } = item
  if (!isWithheld(known)) return rememberChangeMark(parts.state, parts.tenant, known.id, changeMark)
  await parts.state.transaction().execute(async (transaction) => {
    const { scope } = await putScope(transaction, parts.tenant, source.id, [...item.access, ...known.declared])
    await moveDocument(transaction, parts.tenant, parts.definition, known.id, { scope, changeMark })
  })
}

function isWithheld(known: KnownDocument): boolean {
  return known.changeMark === WITHHELD_MARK
}

/** Looks each distinct chain up once a run. */
export function createScopeMemo(
  state: StateDatabase,
  tenant: string,
  source: string,
): (chain: readonly DeclaredAccess[]) => Promise<ScopeId> {
  const known = new Map<string, ScopeId>()
  return async (chain) => {
    const key = JSON.stringify(chain)
    const scope = known.get(key) ?? (await putScope(state, tenant, source, chain)).scope
    known.set(key, scope)
    return scope
  }
}
