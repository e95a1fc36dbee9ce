/** Gathers the rows of both levels of an index into what it holds of each version of a document. Knows no engine. */
import type { IndexedVersion } from '../../contracts/document-index.ts'
import type { DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'

interface Holding {
  readonly scopes: Set<ScopeId>
  readonly chunks: [ordinal: number, start: number, end: number][]
  whole: boolean
}

export class IndexInventory {
  readonly #held = new Map<string, Map<string, Holding>>()

  addChunk(document: string, version: string, scope: number, place: [ordinal: number, start: number, end: number]): void {
    this.#holding(document, version, scope).chunks.push(place)
  }

  addDocument(document: string, version: string, scope: number): void {
    this.#holding(document, version, scope).whole = true
  }

  versions(): readonly IndexedVersion[] {
    return [...this.#held].flatMap(([document, versions]) =>
      [...versions].map(([version, { scopes, chunks, whole }]) => ({
        document: document as DocumentId,
        version: version as DocumentVersion,
        scopes: [...scopes],
        chunks: chunks.sort((left, right) => left[0] - right[0]),
        whole,
      })),
    )
  }

  #holding(document: string, version: string, scope: number): Holding {
    const versions = this.#held.get(document) ?? new Map<string, Holding>()
    this.#held.set(document, versions)
    const found = versions.get(version) ?? { scopes: new Set<ScopeId>(), chunks: [], whole: false }
    versions.set(version, found)
    found.scopes.add(scope as ScopeId)
    return found
  }
}
