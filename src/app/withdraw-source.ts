/** Taking a source away with everything that is kept of it. Knows which sources are connected; knows no connector. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentId } from '../contracts/identity.ts'
import { removePushedSource } from '../foundation/storage/pushed-repository.ts'
import { isTouchstoneError, TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { contentHash } from '../foundation/hashing/content-hash.ts'
import { deleteUnreferencedBlobs } from '../foundation/storage/blob-repository.ts'
import { withdrawDocuments } from '../foundation/storage/document-writer.ts'
import { takeTurn } from '../foundation/storage/state-dialect.ts'
import type { Lease } from '../foundation/storage/lease.ts'
import { removeSource, storedSources } from '../foundation/storage/source-repository.ts'
import type { Foundation } from './composition.ts'

/** Where the connector of a source keeps what it need not fetch twice. */
export function cacheDirectory({ dataDirectory }: Foundation, source: string): string {
  // Disks may take two ids that differ in case for one.
  return join(dataDirectory, 'sources', `${source.toLowerCase()}-${contentHash(source).slice(0, 8)}`)
}

export async function isConnected({ loaded, state, tenant }: Foundation, source: string): Promise<boolean> {
  if (Object.hasOwn(loaded.config.sources, source)) return true
  return (await storedSources(state, tenant)).some((stored) => stored.id === source)
}

/**
 * Nobody reads its documents from the next query on; their chunks and texts go when the index is settled.
 * One transaction, so that a push or a publication beside it comes wholly before or wholly after.
 */
export async function withdrawSource(
  foundation: Foundation,
  source: string,
  options: { readonly withPushed?: boolean } = {},
): Promise<void> {
  const { tenant } = foundation
  await foundation.state.transaction().execute(async (state) => {
    await takeTurn(state, tenant, 'documents')
    const query = state.selectFrom('documents').select('id').where('tenant', '=', tenant).where('source', '=', source)
    const documents = (await query.execute()).map((row) => row.id as DocumentId)
    await withdrawDocuments(state, tenant, documents)
    await removeSource(state, tenant, source)
    if (options.withPushed === true) await removePushedSource(state, tenant, source)
  })
  await rm(cacheDirectory(foundation, source), { recursive: true, force: true })
}

/**
 * Does not wait for an ingest: while one runs, it clears the chunks and texts away, and what it was about to publish of the source.
 * @throws TouchstoneError SOURCE_CONFIGURED, SOURCE_UNKNOWN
 */
export async function removeAddedSource(
  foundation: Foundation,
  source: string,
  takeLease: () => Promise<Lease>,
  settle: () => Promise<void>,
): Promise<void> {
  const { loaded, state, tenant } = foundation
  if (Object.hasOwn(loaded.config.sources, source)) throw new TouchstoneError('SOURCE_CONFIGURED', { details: { source } })
  const known = (await foundation.served.standings(tenant)).map(({ id }) => id)
  if (!known.includes(source)) throw new TouchstoneError('SOURCE_UNKNOWN', { details: { source, known } })
  await withdrawSource(foundation, source, { withPushed: true })
  const lease = await takeLease().catch((error: unknown) => {
    if (isTouchstoneError(error, 'INGEST_RUNNING')) return undefined
    throw error
  })
  if (lease === undefined) return
  try {
    await settle()
    await deleteUnreferencedBlobs(state, tenant)
  } finally {
    await lease.release()
  }
}
