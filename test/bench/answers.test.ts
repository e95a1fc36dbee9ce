/** What the bench of answers stands on: its questions are as the bench says, and its curve is the one of the literature. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { drawCurves } from '../../bench/answers/curve-drawing.ts'
import { splitOf } from '../../bench/answers/judged-case.ts'
import { areaUnderRiskCoverage, pointAt, riskCoverageCurve, widestWithin } from '../../bench/answers/risk-coverage.ts'
import { loadDataset } from '../../src/lifecycle/evaluation/datasets/load-dataset.ts'

const four = [
  { confidence: 0.9, right: true },
  { confidence: 0.4, right: false },
  { confidence: 0.7, right: false },
  { confidence: 0.7, right: true },
]
const judgements = fc.array(fc.record({ confidence: fc.integer({ min: 0, max: 9 }), right: fc.boolean() }), { minLength: 1 })

test('equal confidences are one point, since no threshold can part them', () => {
  assert.deepEqual(riskCoverageCurve(four), [
    { threshold: 0.9, coverage: 0.25, risk: 0 },
    { threshold: 0.7, coverage: 0.75, risk: 1 / 3 },
    { threshold: 0.4, coverage: 1, risk: 0.5 },
  ])
})

test('the area is the mean risk over the coverages', () => {
  assert.ok(Math.abs(areaUnderRiskCoverage(riskCoverageCurve(four)) - (0 + 0.5 / 3 + 0.25 * 0.5)) < 1e-12)
  assert.equal(areaUnderRiskCoverage(riskCoverageCurve([{ confidence: 1, right: true }])), 0)
  assert.ok(Number.isNaN(areaUnderRiskCoverage([])))
})

test('a bound on risk gives the widest coverage within it, a threshold the point that it reaches', () => {
  const curve = riskCoverageCurve(four)
  assert.equal(widestWithin(curve, 0.1)?.coverage, 0.25)
  assert.equal(widestWithin(curve, 0.4)?.coverage, 0.75)
  assert.equal(widestWithin(riskCoverageCurve([{ confidence: 1, right: false }]), 0.1), undefined)
  assert.equal(pointAt(curve, 0.5)?.coverage, 0.75)
  assert.equal(pointAt(curve, 0.95), undefined)
})

test('coverage rises to 1 and risk ends at the share of wrong answers, whatever the order', () => {
  fc.assert(
    fc.property(judgements, (judged) => {
      const curve = riskCoverageCurve(judged)
      const wrong = judged.filter(({ right }) => !right).length
      assert.ok(curve.every(({ coverage, risk }, at) => coverage > (curve[at - 1]?.coverage ?? 0) && risk >= 0 && risk <= 1))
      assert.equal(curve.at(-1)?.coverage, 1)
      assert.equal(curve.at(-1)?.risk, wrong / judged.length)
      assert.deepEqual(riskCoverageCurve(judged.toReversed()), curve)
    }),
  )
})

test('the drawing shows each curve and where the product stands', () => {
  const curve = riskCoverageCurve(four)
  const drawing = drawCurves('Answers', [
    { name: 'dev', colour: '#123456', curve, marked: { threshold: 0.7, coverage: 0.75, risk: 0.5 } },
  ])
  assert.match(drawing, /^<svg [^>]+>[^]*<\/svg>\n$/)
  assert.match(drawing, /<path d="M211.5 368L486.5 261.3L624 208" fill="none" stroke="#123456"/)
  assert.match(drawing, /<circle cx="486.5" cy="208"/)
})

test('the questions are enough, a third has no answer, and both halves hold every kind', async () => {
  const { cases } = await loadDataset('bench/answers')
  const unanswerable = cases.filter(({ expect }) => expect.abstain)
  assert.ok(cases.length >= 180 && unanswerable.length >= cases.length / 3)
  const kindsOf = (split: string): string[] =>
    [...new Set(cases.filter(({ id }) => splitOf(id) === split).map(({ slice }) => slice['kind'] ?? 'none'))].sort()
  assert.deepEqual(kindsOf('dev'), kindsOf('test'))
  assert.equal(kindsOf('dev').length, 15)
})
