/** Numbers as people read them: rates in points and percent, dollars and milliseconds as they are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showDifference, showLevel } from './report-text.ts'

for (const [name, margin, baseline, level, difference] of [
  ['correct', 0.03, 0.9, '90.0 %', '-2.00'],
  ['correct[language=de]', 0.03, 0.9, '90.0 %', '-2.00'],
  ['cost_usd', 0.001, 0.9, '0.9000', '-0.02000'],
  ['cost_usd[language=de]', 0.001, 0.9, '0.9000', '-0.02000'],
  ['latency_ms', 0.5, 0.9, '0.9000', '-0.02000'],
  ['bleu', 0.03, 34.5, '34.50', '-0.02000'],
] as const)
  test(`${name} around ${baseline} is shown as ${level} [E5]`, () => {
    const metric = { name, margin, baseline, candidate: baseline }
    assert.deepEqual([showLevel(baseline, metric), showDifference(-0.02, metric)], [level, difference])
  })
