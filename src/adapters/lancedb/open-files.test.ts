/** A server whose documents change all day must not run out of file descriptors. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TenantId } from '../../contracts/identity.ts'
import { indexRecord, search } from '../../testing/document-index-records.ts'
import { createLanceDbEngine } from './lancedb-index.ts'

const DESCRIPTORS = '/proc/self/fd'
const ROUNDS = 40
/** A fold opens two files or more; what is kept may be that of the last few only. */
const MOST_KEPT = 50

test(
  'the files of earlier versions do not stay open [A1]',
  { skip: !existsSync(DESCRIPTORS) && 'no /proc to count open files in', timeout: 60_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'touchstone-open-files-'))
    const index = await createLanceDbEngine({ directory }).open('main' as TenantId, 'd')
    try {
      // Small structures are read whole and closed; these are not.
      await index.upsert(
        'chunks',
        Array.from({ length: 1_500 }, (_, at) => indexRecord(`old-${at}`, 0, words(at, 120))),
      )
      await index.optimise()
      for (let round = 0; round < ROUNDS; round++) {
        await index.upsert('chunks', [indexRecord(`new-${round % 5}`, 0, `alpha ${words(round, 100)}`)])
        await index.optimise()
        assert.ok((await search(index, 'alpha')).length > 0)
      }
      const open = openIndexFiles()
      assert.ok(open <= MOST_KEPT, `${open} files of search structures are open`)
    } finally {
      await index.close()
      await rm(directory, { recursive: true, force: true })
    }
  },
)

function words(seed: number, count: number): string {
  return Array.from({ length: count }, (_, at) => `w${(at * 7_919 + seed * 31) % 5_000}`).join(' ')
}

function openIndexFiles(): number {
  return readdirSync(DESCRIPTORS).filter((descriptor) => {
    try {
      return readlinkSync(join(DESCRIPTORS, descriptor)).includes('_indices')
    } catch {
      // Closed since the listing.
      return false
    }
  }).length
}
