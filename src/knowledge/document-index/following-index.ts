/** The index that the state names at the moment of each call, so that a rebuilt or restored one serves from the next query on. Knows nothing of how one is made. */
import type { DocumentIndex, DocumentIndexEngine, IndexShape } from '../../contracts/document-index.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

export interface FollowingIndexParts {
  readonly engine: DocumentIndexEngine
  readonly tenant: string
  readonly definition: string
  readonly shape?: IndexShape
  /** The epoch in the state, whoever raised it. */
  readonly epoch: () => Promise<number>
}

interface Opened {
  readonly epoch: number
  readonly index: Promise<DocumentIndex>
  users: number
  left: boolean
}

/** Under which name an engine keeps the index of an epoch. */
export function indexName(definition: string, epoch: number): string {
  return epoch === 0 ? definition : `${definition}-${epoch}`
}

/** Queries that began on the index before finish on it; then it is closed. */
export function createFollowingIndex({ engine, tenant, definition, shape = {}, epoch }: FollowingIndexParts): DocumentIndex {
  let current: Opened | undefined
  let closed = false
  async function leave(opened: Opened): Promise<void> {
    opened.left = true
    if (opened.users === 0) await opened.index.then((index) => index.close()).catch(() => {})
  }
  async function enter(): Promise<Opened> {
    const wanted = await epoch()
    if (closed) throw new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason: 'it was closed' } })
    // Forward only: of two calls that looked a moment apart, the later one may arrive first.
    if (current === undefined || wanted > current.epoch) {
      const before = current
      const fresh: Opened = {
        epoch: wanted,
        index: engine.open(tenant, indexName(definition, wanted), shape),
        users: 0,
        left: false,
      }
      current = fresh
      // One that could not be opened is tried again: it may have been repaired since.
      fresh.index.catch(() => {
        if (current === fresh) current = undefined
      })
      if (before !== undefined) await leave(before)
    }
    current.users++
    return current
  }
  async function on<Result>(work: (index: DocumentIndex) => Promise<Result>): Promise<Result> {
    const opened = await enter()
    try {
      return await work(await opened.index)
    } finally {
      opened.users--
      if (opened.left || closed) await leave(opened)
    }
  }
  return {
    upsert: (level, records) => on((index) => index.upsert(level, records)),
    deleteDocuments: (documents) => on((index) => index.deleteDocuments(documents)),
    moveScope: (documents, scope) => on((index) => index.moveScope(documents, scope)),
    searchLexical: (...query) => on((index) => index.searchLexical(...query)),
    ...(shape.vectors === undefined
      ? {}
      : {
          searchVectors: (...query: Parameters<NonNullable<DocumentIndex['searchVectors']>>) =>
            on(async (index) => (await index.searchVectors?.(...query)) ?? []),
        }),
    chunksOf: (documents, filter) => on((index) => index.chunksOf(documents, filter)),
    optimise: () => on((index) => index.optimise()),
    snapshot: (name) => on((index) => index.snapshot(name)),
    restore: (name) => on((index) => index.restore(name)),
    inventory: () => on((index) => index.inventory()),
    stats: () => on((index) => index.stats()),
    close: async () => {
      closed = true
      if (current !== undefined) await leave(current)
      current = undefined
    },
  }
}
