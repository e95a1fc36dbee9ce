/** Documents that live in indexes elsewhere: what those said of who may read them, and the texts that were shown. Both permission questions and citations find them here; nothing is stored. */
import type { Acl } from '../../contracts/acl.ts'
import type { AccessControl } from '../../contracts/asker.ts'
import type { DocumentReader } from '../../contracts/document-store.ts'
import type { DocumentId, DocumentVersion } from '../../contracts/identity.ts'
import type { Clock } from '../concurrency/clock.ts'
import { mayRead } from './acl-decision.ts'

/** What an index said longer ago counts no more: nobody reads the document until it is found again. */
const BELIEVED_FOR_MS = 3_600_000
const MOST_DOCUMENTS = 20_000
const MOST_TEXT_LENGTH = 32_000_000

export interface ExternalDocument {
  readonly id: DocumentId
  readonly version: DocumentVersion
  readonly text: string
  /** Absent: nobody. */
  readonly acl: Acl | undefined
}

export interface ExternalDocuments {
  /** Keeps what an index has just said; it replaces what it said before. */
  remember(tenant: string, documents: readonly ExternalDocument[]): void
  /** Decides about them as well, from the principals that the asker has at the call. */
  guard(access: AccessControl): AccessControl
  /** Reads the texts that were shown as well. */
  read(documents: DocumentReader): DocumentReader
}

interface Said {
  readonly acl: Acl | undefined
  readonly atMs: number
}

/** @param sources ids of the external indexes: their documents are `id:…` */
export function createExternalDocuments(sources: readonly string[], clock: Pick<Clock, 'elapsed'>): ExternalDocuments {
  const said = new Map<string, Said>()
  const texts = createTextMemory()
  const isExternal = (document: string): boolean => sources.includes(document.slice(0, document.indexOf(':')))
  const aclNow = (tenant: string, id: string): Acl | undefined => {
    const known = said.get(`${tenant}/${id}`)
    return known === undefined || clock.elapsed() - known.atMs > BELIEVED_FOR_MS ? undefined : known.acl
  }
  return {
    remember: (tenant, documents) => {
      for (const { id, version, text, acl } of documents) {
        said.delete(`${tenant}/${id}`)
        said.set(`${tenant}/${id}`, { acl, atMs: clock.elapsed() })
        texts.put(`${tenant}/${id}\n${version}`, text)
      }
      forgetOldest(said, (size) => size > MOST_DOCUMENTS)
    },
    // Permission questions are asked at every answer: without external indexes they go straight on.
    guard: (access) =>
      sources.length === 0
        ? access
        : {
            authorise: (caller) => access.authorise(caller),
            readableNow: async (caller, documents) => {
              const external = documents.filter(isExternal)
              const own = await access.readableNow(
                caller,
                documents.filter((id) => !isExternal(id)),
              )
              if (external.length === 0) return own
              const { principals } = await access.authorise(caller)
              return new Set([...own, ...external.filter((id) => mayRead(aclNow(caller.tenant, id), principals))])
            },
          },
    read: (documents) =>
      sources.length === 0
        ? documents
        : {
            ...documents,
            versionText: async (tenant, document, version) =>
              isExternal(document)
                ? texts.get(`${tenant}/${document}\n${version}`)
                : documents.versionText(tenant, document, version),
          },
  }
}

function createTextMemory(): { put(key: string, text: string): void; get(key: string): string | undefined } {
  const texts = new Map<string, string>()
  let length = 0
  return {
    get: (key) => texts.get(key),
    put: (key, text) => {
      length += text.length - (texts.get(key)?.length ?? 0)
      texts.delete(key)
      texts.set(key, text)
      forgetOldest(
        texts,
        () => length > MOST_TEXT_LENGTH,
        (old) => (length -= old.length),
      )
    },
  }
}

/** A map keeps the order in which its keys came. */
function forgetOldest<Value>(
  map: Map<string, Value>,
  isTooMuch: (size: number) => boolean,
  onForget?: (value: Value) => void,
): void {
  for (const [oldest, value] of map) {
    if (map.size <= 1 || !isTooMuch(map.size)) return
    map.delete(oldest)
    onForget?.(value)
  }
}
