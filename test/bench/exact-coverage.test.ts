/** Coverage of the intervals that a gate decides by, exact: the probability of every outcome, added up. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mcnemarTest } from '../../src/foundation/statistics/mcnemar-test.ts'
import {
  pairedDifferenceInterval,
  tangoInterval,
  type PairedCounts,
} from '../../src/foundation/statistics/paired-proportion-intervals.ts'
import { clopperPearsonInterval, type Interval, wilsonInterval } from '../../src/foundation/statistics/proportion-intervals.ts'
import { pairedCoverage, pairedProbability, rateCoverage } from '../../bench/evaluation/exact-coverage.ts'

/** The same counts come up in every design. */
function remember<Result>(compute: (counts: PairedCounts) => Result): (counts: PairedCounts) => Result {
  const known = new Map<number, Result>()
  return (counts) => {
    const key = counts.worse * 1e4 + counts.better
    const result = known.get(key) ?? compute(counts)
    known.set(key, result)
    return result
  }
}

function leastRateCoverage(interval: (successes: number, trials: number) => Interval, trials: number): number {
  const intervals = Array.from({ length: trials + 1 }, (_, successes) => interval(successes, trials))
  let least = 1
  for (let rate = 0.8; rate <= 0.9991; rate += 0.0005)
    least = Math.min(
      least,
      rateCoverage((successes) => intervals[successes] ?? { lower: 1, upper: 0 }, trials, rate),
    )
  return least
}

for (const trials of [20, 50, 100])
  test(`the interval of one rate covers at least 95 % for rates of .8 to .999, ${trials} cases [E2]`, () => {
    assert.ok(leastRateCoverage(clopperPearsonInterval, trials) >= 0.95)
    // What the guarantee is worth: Wilson's falls to .84 to .88 here.
    assert.ok(leastRateCoverage(wilsonInterval, trials) < 0.9)
  })

for (const cases of [50, 100, 200, 500])
  test(`the interval of the paired difference covers at least 95 % at 0 to 10 % discordance, ${cases} cases [E2] [E5]`, () => {
    const interval = remember((counts) => pairedDifferenceInterval(counts))
    for (const discordance of [0, 0.001, 0.005, 0.01, 0.02, 0.055, 0.0825, 0.1])
      for (const lost of [0.5, 0.8, 1]) {
        const covered = pairedCoverage(interval, { cases, worse: discordance * lost, better: discordance * (1 - lost) })
        assert.ok(covered >= 0.95, `${covered} at ${discordance}, ${lost} of it lost`)
      }
  })

test("Tango's alone falls short where every disagreement is a loss", () => {
  const interval = remember((counts) => tangoInterval(counts))
  assert.ok(pairedCoverage(interval, { cases: 100, worse: 0.055, better: 0 }) < 0.93)
})

test('the rules of the gate: false block and false pass about .05, pass and power as the design allows [E5]', () => {
  const harm = remember((counts) => mcnemarTest(counts).oneSidedMidP)
  for (const [cases, discordance, pass] of [
    [50, 0.1, 0.12],
    [200, 0.05, 0.53],
    [500, 0.1, 0.66],
    [1_000, 0.1, 0.9],
  ] as const) {
    const bound = remember((counts) => pairedDifferenceInterval(counts, 0.9).lower)
    const unchanged = { cases, worse: discordance / 2, better: discordance / 2 }
    assert.ok(pairedProbability(unchanged, (counts) => harm(counts) <= 0.05) <= 0.05)
    assert.ok(pairedProbability(unchanged, (counts) => bound(counts) > -0.03) >= pass)
    const worse = { cases, worse: discordance / 2 + 0.015, better: discordance / 2 - 0.015 }
    assert.ok(pairedProbability(worse, (counts) => bound(counts) > -0.03) <= 0.05)
  }
  const drop = pairedProbability({ cases: 500, worse: 0.07, better: 0.03 }, (counts) => harm(counts) <= 0.05)
  assert.ok(Math.abs(drop - 0.892) < 0.001, String(drop))
})
