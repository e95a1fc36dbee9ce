/** Questions about who may read what, and what a caller may see of documents and traces. Every answer is checked at the call. */
import { readableBy } from '../foundation/access/readable-by.ts'
import { aclOfScope } from '../foundation/access/scope-repository.ts'
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import type { Acl } from '../contracts/acl.ts'
import type { DocumentId } from '../contracts/identity.ts'
import type { PrincipalDirectory } from '../contracts/principal-directory.ts'
import type { TraceRecord } from '../contracts/telemetry.ts'
import type { Application } from './application.ts'
import type { Foundation } from './composition.ts'

export interface Readers {
  readonly users: readonly string[]
  readonly acl: Acl | undefined
  /** Its source is withheld: nobody reads it, whatever the rule says. */
  readonly withheld: boolean
}

export interface AccessQuestions extends Pick<Application, 'documents' | 'documentText' | 'traces' | 'trace'> {
  /** Enabled users who may read a document now, and the rule that says so. @throws TouchstoneError DOCUMENT_UNKNOWN */
  whoCanRead(document: string): Promise<Readers>
}

export function composeAccess(foundation: Foundation, principals: PrincipalDirectory): AccessQuestions {
  const { state, tenant, access, documents, traces } = foundation
  return {
    documents: async (caller, { limit, after }) => {
      const { readable } = await access.authorise(caller)
      return readableBy(state, tenant, readable.ids, { limit, after: after ?? '' })
    },
    documentText: async (caller, document, version) => {
      // Somebody who may not read a document learns no more than that there is none for them.
      const readable = await access.readableNow(caller, [document])
      const text = readable.has(document) ? await documents.versionText(tenant, document, version) : undefined
      if (text === undefined) throw new TouchstoneError('DOCUMENT_UNKNOWN', { details: { document } })
      return text
    },
    traces: async (caller, limit) => {
      if (caller === 'administrator') return traces.list(tenant, limit)
      await access.authorise(caller)
      const own = await traces.list(tenant, limit, caller.user)
      return Promise.all(own.map((trace) => onlyReadable(trace, foundation)))
    },
    trace: async (caller, id) => {
      const found = await traces.get(tenant, id)
      if (caller !== 'administrator') await access.authorise(caller)
      const visible = found !== undefined && (caller === 'administrator' || found.user === caller.user)
      if (!visible) throw new TouchstoneError('TRACE_UNKNOWN', { details: { trace: id } })
      return caller === 'administrator' ? found : onlyReadable(found, foundation)
    },
    whoCanRead: (document) => whoCanRead(foundation, principals, document as DocumentId),
  }
}

/** What the user lost the right to read since is left out of the trace. */
async function onlyReadable(trace: TraceRecord, { access, tenant }: Foundation): Promise<TraceRecord> {
  const caller = { tenant, user: trace.user ?? '' }
  const readable = await access.readableNow(caller, trace.documents as readonly DocumentId[])
  return { ...trace, documents: trace.documents.filter((document) => readable.has(document as DocumentId)) }
}

async function whoCanRead(foundation: Foundation, principals: PrincipalDirectory, document: DocumentId): Promise<Readers> {
  const { state, tenant, access, served } = foundation
  const row = await state
    .selectFrom('documents')
    .select(['scope', 'source'])
    .where('tenant', '=', tenant)
    .where('id', '=', document)
    .executeTakeFirst()
  if (row === undefined) throw new TouchstoneError('DOCUMENT_UNKNOWN', { details: { document } })
  const users: string[] = []
  for (const { id, disabled } of await principals.users(tenant))
    if (!disabled && (await access.readableNow({ tenant, user: id }, [document])).has(document)) users.push(id)
  const withheld = !(await served.ids(tenant)).includes(row.source)
  return { users, acl: await aclOfScope(state, tenant, row.scope), withheld }
}
