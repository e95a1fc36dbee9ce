/** Folds that meet: each cleans up behind itself what another may be reading. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TenantId } from '../../contracts/identity.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { indexRecord, search } from '../../testing/document-index-records.ts'
import { createLanceDbEngine } from './lancedb-index.ts'

test(
  'folds at the same time, old versions in their way, harm neither each other nor a search [A1]',
  { timeout: 60_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'touchstone-folds-'))
    // So late that everything but the newest version is old.
    const clock = { ...systemClock, now: () => systemClock.now() + 11 * 60_000 }
    const index = await createLanceDbEngine({ directory, clock }).open('main' as TenantId, 'd')
    try {
      for (let round = 0; round < 15; round++) {
        for (let document = 0; document < 4; document++)
          await index.upsert('chunks', [indexRecord(`d${document}`, 0, `alpha w${round}`)])
        const [, , hits] = await Promise.all([index.optimise(), index.optimise(), search(index, 'alpha'), index.optimise()])
        assert.equal(hits.length, 4)
      }
    } finally {
      await index.close()
      await rm(directory, { recursive: true, force: true })
    }
  },
)
