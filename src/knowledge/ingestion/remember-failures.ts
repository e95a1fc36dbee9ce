/** What could not be read in a run, written down so that it is not tried again before it changes. */
import type { IngestFailure } from '../../contracts/ingest-report.ts'
import type { DocumentId } from '../../contracts/identity.ts'
import { settlePushed } from '../../foundation/storage/pushed-repository.ts'
import { recordFailure } from '../../foundation/storage/source-repository.ts'
import type { IngestParts, IngestSource } from './ingest-parts.ts'
import { documentId } from './source-plan.ts'

/** `changeMark` begins with the definition under which it failed. */
export type FailureRow = IngestFailure & { readonly changeMark: string }

/** Makes the failures of the source exactly these. @param only of these paths; of all when absent */
export async function rememberFailures(
  failures: readonly FailureRow[],
  source: IngestSource,
  parts: Pick<IngestParts, 'state' | 'tenant' | 'clock' | 'definition'>,
  only?: readonly string[],
): Promise<void> {
  const { tenant, definition } = parts
  const documents = only?.map((path) => documentId(source.id, path))
  await parts.state.transaction().execute(async (transaction) => {
    const query = transaction.deleteFrom('document_failures').where('tenant', '=', tenant).where('source', '=', source.id)
    await (documents === undefined ? query : query.where('document', 'in', documents)).execute()
    for (const failure of failures) {
      await recordFailure(transaction, tenant, source.id, failure, parts.clock.now())
      const mark = failure.changeMark.slice(definition.length + 1)
      if (source.isKeptInState === true) await settlePushed(transaction, tenant, failure.document as DocumentId, mark)
    }
  })
}
