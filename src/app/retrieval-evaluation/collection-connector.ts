/** The documents of a test collection as a source that everybody may read. Knows ids and titles; knows nothing of judgements. */
import type { Connector, DeclaredAccess, SourceItem } from '../../contracts/connector.ts'
import { EVERYONE } from '../../foundation/access/principal.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../../foundation/hashing/content-hash.ts'
import type { CollectionDocument } from '../../lifecycle/evaluation/retrieval/judged-collection.ts'

export interface CollectionSource {
  readonly connector: Connector
  /** The collection's id of a document, by its path in the source. */
  readonly idOfPath: ReadonlyMap<string, string>
  /** Neither title nor text: nothing can find them. */
  readonly empty: number
}

/** An id that names a file of words says something; the path of a document is searched. */
const FILE_PATH = /^[\p{L}\p{N}_ .,()&+-]+(?:\/[\p{L}\p{N}_ .,()&+-]+)*\.(md|mdx|markdown|txt|rst|adoc)$/u
const access: readonly DeclaredAccess[] = [{ place: 'rule:0', declaration: { all: [{ any: [EVERYONE] }] } }]

export function createCollectionSource(documents: readonly CollectionDocument[]): CollectionSource {
  const entries = documents.map((document, ordinal) => {
    const isFile = FILE_PATH.test(document.id)
    const path = isFile ? document.id : opaquePath(ordinal)
    return { path, readAs: isFile ? path : `${path}.txt`, document, body: bodyOf(document) }
  })
  const filled = entries.filter(({ body }) => body !== '')
  const bodies = new Map(filled.map(({ path, body }) => [path, body]))
  return {
    idOfPath: new Map(filled.map(({ path, document }) => [path, document.id])),
    empty: entries.length - filled.length,
    connector: {
      list: async function* () {
        for (const { path, readAs, document, body } of filled) yield toItem(path, readAs, document, body)
      },
      fetch: async ({ path }) => {
        const body = bodies.get(path)
        if (body === undefined) throw new TouchstoneError('SOURCE_ITEM_CHANGED', { details: { path } })
        return Buffer.from(body)
      },
    },
  }
}

function toItem(path: string, readAs: string, { title, metadata }: CollectionDocument, body: string): SourceItem {
  const changeMark = contentHash(title, body, canonicalJson(metadata), readAs)
  return { path, readAs, title, metadata, changeMark, sizeBytes: Buffer.byteLength(body), modifiedAtMs: 0, access }
}

/** A document that is a title alone is found by it. */
function bodyOf({ title, text }: CollectionDocument): string {
  return (text.trim() === '' ? title : text).trim()
}

/**
 * An id that is no name must not be found by: letters that stand for the ordinal make a word that nobody writes. Digits would be
 * matched by numbers in queries, and read as years of an edition.
 */
function opaquePath(ordinal: number): string {
  return `zq${[...String(ordinal)].map((digit) => 'bcdfghjklm'[Number(digit)]).join('')}`
}
