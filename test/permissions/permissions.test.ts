/** The short version of `npm run prove:permissions`: histories that hold. Planted leaks have a file of their own, so that both run at once. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { plantCatalog } from './plants/catalog.ts'
import { describeOutcome, FIRST_LARGE_SEED, type History, openProver, replayCommand, shrink, stepsUpTo } from './proof.ts'
import { surfaceCatalog } from './surfaces/catalog.ts'

/** A minute where nothing else runs. */
const LIMIT = { timeout: 600_000 }
const LOOKS = 6
/** The first is of a large company, where a step costs more. */
const HISTORIES: readonly History[] = [
  { seed: FIRST_LARGE_SEED, steps: stepsUpTo(6), looks: LOOKS },
  { seed: 1, steps: stepsUpTo(25), looks: LOOKS },
  { seed: 2, steps: stepsUpTo(14), looks: LOOKS },
]

test('the oracle is short enough to be believed: at most forty lines, and no line of the product [A4]', () => {
  const oracle = readFileSync(join(import.meta.dirname, 'oracle.ts'), 'utf8')
  assert(oracle.trimEnd().split('\n').length <= 40)
  assert.doesNotMatch(oracle, /^import/m)
})

test('every surface is known by one name, and so is every plant [A4]', () => {
  for (const ids of [surfaceCatalog.map(({ id }) => id), plantCatalog.map(({ id }) => id)])
    assert.equal(new Set(ids).size, ids.length)
  assert(plantCatalog.length >= 20)
})

test(
  'whatever is edited, moved, deleted, restored and asked at once: nobody is shown what they may not read, nor less [A4]',
  LIMIT,
  async (t) => {
    const prover = await openProver()
    t.after(() => prover.close())
    for (const history of HISTORIES) {
      const outcome = await prover.run(history)
      if (outcome.violations.length === 0) continue
      const shortest = await shrink(prover, history, 15)
      assert.fail(`${describeOutcome(outcome)}\n${replayCommand(shortest)}`)
    }
    t.diagnostic(`${prover.tally.checks} checks in ${prover.tally.looks} looks, 0 violations`)
    const swept = surfaceCatalog.filter(({ weight }) => weight > 0)
    assert.deepEqual(swept.filter(({ id }) => !prover.tally.bySurface.has(id)).map(({ id }) => id), [], 'surfaces never looked at') // prettier-ignore
  },
)
