/** The index that the state names at the moment of each call, so that another one serves from the next query on. Knows nothing of how one is made. */
import type { DocumentIndex } from '../../contracts/document-index.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** What the state says of the one that serves. */
export interface ServingPlace {
  readonly name: string
  /** Larger than that of every one that served before. */
  readonly sinceMs: number
}

export interface FollowingIndexParts<Place extends ServingPlace, Opened extends OpenedIndex> {
  readonly place: () => Promise<Place>
  readonly open: (place: Place) => Promise<Opened>
}

/** An index with whatever belongs to it and to no other. */
export interface OpenedIndex {
  readonly index: DocumentIndex
}

export interface FollowingIndex<Opened extends OpenedIndex> extends DocumentIndex {
  /** Work that must meet one index from beginning to end. */
  use<Result>(work: (opened: Opened) => Promise<Result>): Promise<Result>
}

interface Current<Opened> {
  readonly sinceMs: number
  readonly opened: Promise<Opened>
  users: number
  left: boolean
}

/** Under which name an engine keeps the index of an epoch. */
export function indexName(definition: string, epoch: number): string {
  return epoch === 0 ? definition : `${definition}-${epoch}`
}

/** Queries that began on the index before finish on it; then it is closed. */
export function createFollowingIndex<Place extends ServingPlace, Opened extends OpenedIndex>({
  place,
  open,
}: FollowingIndexParts<Place, Opened>): FollowingIndex<Opened> {
  let current: Current<Opened> | undefined
  let closed = false
  async function leave(left: Current<Opened>): Promise<void> {
    left.left = true
    if (left.users === 0) await left.opened.then(({ index }) => index.close()).catch(() => {})
  }
  async function enter(): Promise<Current<Opened>> {
    const wanted = await place()
    if (closed) throw new TouchstoneError('INDEX_UNAVAILABLE', { details: { reason: 'it was closed' } })
    // Forward only: of two calls that looked a moment apart, the later one may arrive first.
    if (current === undefined || wanted.sinceMs > current.sinceMs) {
      const before = current
      const fresh: Current<Opened> = { sinceMs: wanted.sinceMs, opened: open(wanted), users: 0, left: false }
      current = fresh
      // One that could not be opened is tried again: it may have been repaired since.
      fresh.opened.catch(() => {
        if (current === fresh) current = undefined
      })
      if (before !== undefined) await leave(before)
    }
    current.users++
    return current
  }
  async function use<Result>(work: (opened: Opened) => Promise<Result>): Promise<Result> {
    const entered = await enter()
    try {
      return await work(await entered.opened)
    } finally {
      entered.users--
      if (entered.left || closed) await leave(entered)
    }
  }
  const on = <Result>(work: (index: DocumentIndex) => Promise<Result>): Promise<Result> => use(({ index }) => work(index))
  return {
    use,
    upsert: (level, records) => on((index) => index.upsert(level, records)),
    deleteDocuments: (documents) => on((index) => index.deleteDocuments(documents)),
    moveScope: (documents, scope) => on((index) => index.moveScope(documents, scope)),
    searchLexical: (...query) => on((index) => index.searchLexical(...query)),
    searchVectors: (...query) => on(async (index) => (await index.searchVectors?.(...query)) ?? []),
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
