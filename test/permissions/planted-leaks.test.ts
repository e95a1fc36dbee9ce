/** The prover is proven: planted leaks are seen within a few short histories. All of them by `npm run prove:permissions -- --plants`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantCatalog } from './plants/catalog.ts'
import { findPlant, type Found, median, openProver } from './proof.ts'

/** A minute where nothing else runs. */
const LIMIT = { timeout: 600_000 }
const STEPS = 30
const LOOKS = 6
/** Every fourth here, of every kind some: all of them take minutes. */
const TAKEN = 4

test('every fourth planted leak is seen: the prover is proven [A4]', LIMIT, async (t) => {
  const prover = await openProver()
  t.after(() => prover.close())
  const found: Found[] = []
  for (const plant of plantCatalog.filter((_, at) => at % TAKEN === 1)) {
    const sight = await findPlant(prover, plant, STEPS, LOOKS)
    assert(sight !== undefined, `nobody saw that ${plant.id}`)
    found.push(sight)
  }
  const times = found.map(({ ms }) => ms)
  const slowest = found.toSorted((left, right) => right.ms - left.ms)[0]!
  t.diagnostic(
    `${found.length} planted leaks found, median ${(median(times) / 1_000).toFixed(1)} s, slowest ${(slowest.ms / 1_000).toFixed(1)} s (${slowest.plant})`,
  )
})
