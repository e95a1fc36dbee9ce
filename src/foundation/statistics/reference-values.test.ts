/** Every statistic against values that other programs and the literature give; each group names one that stands here too. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import * as s from './index.ts'
import { covariance } from './moments.ts'

type Numbers = Record<string, number>
// Rows of a data file; the checks below say what each group holds.
// oxlint-disable-next-line typescript/no-explicit-any
type Row = any

const path = resolve(import.meta.dirname, '../../../../shared/data/statistics/reference-values.json')

/** Names and values, found and expected, to compare. */
type Pairs = readonly (readonly [found: number | undefined, expected: number, tolerance?: number])[]

const ends = ({ lower, upper }: s.Interval, [low, high]: readonly [number, number], tolerance = 1e-4): Pairs => [
  [lower, low, tolerance],
  [upper, high, tolerance],
]
const byItem = (data: readonly (readonly (number | null)[])[]): number[][] =>
  (data[0] ?? []).map((_, item) => data.flatMap((rater) => rater[item] ?? []))

const asCounts = ({ a, b, c, d }: Numbers): s.PairedCounts => ({
  both: a ?? 0,
  better: b ?? 0,
  worse: c ?? 0,
  neither: d ?? 0,
})

/** One entry for every group of the file. */
const checks: Readonly<Record<string, (row: Row) => Pairs>> = {
  wilson95: ({ k, n, ci }) => ends(s.wilsonInterval(k, n), ci),
  clopperPearson95: ({ k, n, ci }) => ends(s.clopperPearsonInterval(k, n), ci),
  jeffreys95: ({ k, n, ci }) => ends(s.jeffreysInterval(k, n), ci),
  mcnemar: ({ b, c, chi2, p, chi2cc, pcc, pexact, pmid }) => {
    const counts = { worse: b, better: c }
    const [plain, corrected] = [s.mcnemarChiSquared(counts), s.mcnemarChiSquared(counts, true)]
    const exact = s.mcnemarTest(counts)
    return [
      [plain.statistic, chi2],
      [plain.p, p, 1e-5 * p],
      [corrected.statistic, chi2cc],
      [corrected.p, pcc, 1e-5 * pcc],
      [exact.exact, pexact, 1e-5 * pexact],
      [exact.midP, pmid, 1e-5 * pmid],
    ]
  },
  pairedDiff95: (row) => {
    const counts = asCounts(row)
    return [
      ...ends(s.newcombePairedInterval(counts), row.newcombe10),
      ...(row.tango ? ends(s.tangoInterval(counts), row.tango) : []),
      ...(row.bonettPrice ? ends(s.bonettPriceInterval(counts), row.bonettPrice) : []),
    ]
  },
  kappa2: ({ table, po, kappa, se, scottPi, ac1, bp, pabak, linear, quadratic }) => {
    const found = s.twoRaterAgreement(table)
    if (kappa === null) assert.equal(found.kappa, undefined)
    return [
      ...(po === undefined ? [] : ([[found.observed, po]] as const)),
      ...(kappa === null ? [] : ([[found.kappa, kappa]] as const)),
      ...(se === undefined ? [] : ([[found.kappaError, se]] as const)),
      ...(scottPi === undefined ? [] : ([[found.scottPi, scottPi]] as const)),
      [found.ac1, ac1],
      ...(bp === undefined ? [] : ([[found.uniform, bp]] as const)),
      ...(pabak === undefined ? [] : ([[found.uniform, pabak]] as const)),
      ...(linear === undefined ? [] : ([[s.weightedKappa(table, 'linear'), linear]] as const)),
      ...(quadratic === undefined ? [] : ([[s.weightedKappa(table, 'quadratic'), quadratic]] as const)),
    ]
  },
  fleiss: ({ counts, pbar, pe, kappa }) => {
    const items = counts.map((row: number[]) => row.flatMap((count, k) => Array.from({ length: count }, () => k)))
    const found = s.raterAgreement(items, 'fleiss')
    return [
      [found.observed, pbar],
      [found.chance, pe],
      [found.coefficient, kappa],
    ]
  },
  krippendorff: ({ data, ...scales }) =>
    (['nominal', 'ordinal', 'interval', 'ratio'] as const)
      .filter((scale) => scales[scale] !== undefined)
      .map((scale) => [s.krippendorffAlpha(byItem(data), scale), scales[scale], 1e-6]),
  gwetRaw4raters: ({ data, ac1, fleiss, alpha }) => {
    const found = s.raterAgreement(byItem(data), 'ac1')
    const kappa = s.raterAgreement(byItem(data), 'fleiss')
    return [
      [found.observed, ac1.pa, 6e-4],
      [found.chance, ac1.pe, 6e-4],
      [found.coefficient, ac1.coef, 6e-4],
      [found.standardError, ac1.se, 6e-4],
      ...ends(found, ac1.ci95, 6e-4),
      [kappa.chance, fleiss.pe, 6e-4],
      [kappa.coefficient, fleiss.coef, 6e-4],
      ...ends(kappa, fleiss.ci95, 6e-4),
      [s.krippendorffAlpha(byItem(data), 'nominal'), alpha.coef, 6e-4],
    ]
  },
  judgeCorrection: ({ p, spec, sens, n, m0, m1, theta, ci95 }) => {
    const judged = { rate: p, cases: n, specificity: spec, failingLabels: m0, sensitivity: sens, passingLabels: m1 }
    const found = s.correctedRate(judged)
    return [[found.estimate, theta], ...ends(found, ci95)]
  },
  ppiMean: ({ Y, F, U_ones: ones, U_n: count, lam0, lam1, ppipp }) => {
    const unlabelled = Array.from({ length: count }, (_, place) => (place < ones ? 1 : 0))
    const best = s.predictionPoweredMean(Y, F, unlabelled)
    const fixed = [lam0, lam1].flatMap((expected: Numbers, lambda): Pairs => {
      const found = s.predictionPoweredMean(Y, F, unlabelled, { lambda })
      return [
        [found.mean, expected['theta'] ?? 0],
        [found.standardError, expected['se'] ?? 0],
      ]
    })
    return [...fixed, [best.mean, ppipp.theta], [best.standardError, ppipp.se], [best.lambda, ppipp.lam, 1e-3]]
  },
  normalMixture: ({ rho, bound, logMixture }) => {
    const tuned = s.normalMixtureRho(rho.v, rho.alpha)
    return [
      [tuned, rho.value],
      [s.normalMixtureBound(bound.v, rho.alpha, tuned), bound.value],
      [s.normalMixtureEvidence(logMixture.s, logMixture.v, tuned), logMixture.value],
    ]
  },
  bernoulliCS: ({ k, n, alpha, tOpt, ci }) => ends(s.bernoulliSequence(k, n, { alpha, tuning: tOpt }), ci, 2e-6),
  asymptoticCS: ({ a, b, tuning, relUplift, se, ci95 }) => {
    const n = a.n + b.n
    const half = s.asymptoticSequenceHalfWidth(n, se * Math.sqrt(n), { tuning })
    return ends({ lower: relUplift - half, upper: relUplift + half }, ci95)
  },
  clusteredSE: ({ scores, clusters, mean, naive, cr0, cr1_G_over_Gm1: cr1 }) => {
    const found = s.clusteredMean(scores, clusters)
    return [
      [found.mean, mean],
      [found.standardError, cr1],
      [found.standardError * Math.sqrt((found.clusters - 1) / found.clusters), cr0],
      [s.clusteredMean(scores).standardError, naive],
    ]
  },
  pairedMean: ({ A, B, diff, sePaired }) => {
    const found = s.clusteredMean(A.map((value: number, place: number) => B[place] - value))
    return [
      [found.mean, diff],
      [found.standardError, sePaired],
    ]
  },
  signFlipExact: ({ d, p }) => [[s.pairedPermutationTest(d), p, 0]],
  wilcoxon: ({ x, y, W, pApprox, pPratt, pExactDropZero }) => {
    const differences = x.map((value: number, place: number) => value - y[place])
    const dropped = s.wilcoxonTest(differences, 'drop')
    return [
      [dropped.statistic, W],
      [dropped.p, pApprox],
      [s.wilcoxonTest(differences).p, pPratt],
      // Theirs counts ranks as if none were tied; ours the ranks that there are.
      [dropped.permutationP, pExactDropZero, 0.03],
    ]
  },
  bh1995: ({ p, bhRejected, holmRejected, bhAdj, holmAdj }) => {
    const [fdr, family] = [s.benjaminiHochberg(p), s.holm(p)]
    const rejected = (adjusted: readonly number[]): number => adjusted.filter((value) => value <= 0.05).length
    return [
      [rejected(fdr), bhRejected, 0],
      [rejected(family), holmRejected, 0],
      ...bhAdj.map((value: number, place: number) => [fdr[place], value, 1e-9]),
      ...holmAdj.map((value: number, place: number) => [family[place], value, 1e-9]),
    ]
  },
  power: ({ millerN, mcnemarN }) => [
    ...millerN.map(({ omega2, sigmaA, sigmaB, delta, n }: Numbers) => {
      const within = [sigmaA, sigmaB].map((variance = 0) => ({ variance, repeats: 1 }))
      const plan = { alpha: 0.05, power: 0.8, between: omega2 ?? 0, within, difference: delta ?? 0 }
      return [s.pairedMeanSampleSize(plan), Math.ceil(n ?? 0), 0]
    }),
    ...mcnemarN.map(({ disc, delta, n }: Numbers) => {
      const plan = { alpha: 0.05, power: 0.8, discordance: disc ?? 0, difference: delta ?? 0 }
      return [s.mcnemarSampleSize(plan), Math.ceil(n ?? 0), 0]
    }),
  ],
  cuped: ({ X, Y, theta, varY, varCuped }) => {
    const found = s.adjustByCovariate(Y, X)
    return [
      [found.theta, theta],
      [covariance(Y, Y), varY],
      [covariance(found.adjusted, found.adjusted), varCuped],
    ]
  },
  sprt: ({ alpha, beta, logA, logB }) => {
    const { reject, accept } = s.sequentialBoundaries({ alpha, beta })
    return [
      [reject, logA, 1e-6],
      [accept, logB, 1e-6],
    ]
  },
  ndcg: ({ rels, ndcg, ndcgFull, ndcgExpGain }) => {
    const gains = new Map<string, number>(rels.map((gain: number, place: number) => [`d${place}`, gain]))
    const exponential = new Map([...gains].map(([document, gain]) => [document, 2 ** gain - 1]))
    const ranking = [...gains.keys()]
    return [
      [s.ndcg(ranking, gains, 10), ndcg, 1e-6],
      [s.ndcg(ranking, new Map([...gains, ['x', 3], ['y', 2]]), 6), ndcgFull, 1e-6],
      [s.ndcg(ranking, exponential, 10), ndcgExpGain, 1e-6],
    ]
  },
  passAtK: ({ n, c, k, passAt, passHat }) => [
    [s.passAtK(n, c, k), passAt, 1e-12],
    [s.passHatK(n, c, k), passHat, 1e-12],
  ],
  betaBinomialPBgtA: ({ a, b, p }) => [
    [s.probabilityRateHigher({ successes: a[0], trials: a[1] }, { successes: b[0], trials: b[1] }), p, 1e-6],
  ],
  rank: ({ x, y, kendall, spearman }) => [
    [s.kendallCorrelation(x, y), kendall, 1e-6],
    [s.spearmanCorrelation(x, y), spearman, 1e-6],
  ],
  // Every figure of every query: trec-report.test.ts.
  trecEdge: ({ q1 }) => {
    const judged = new Map([
      ['d1', 3],
      ['d2', 2],
      ['d3', 0],
      ['d4', 1],
    ])
    const scores = { d3: 0.9, d1: 0.5, d2: 0.5, d9: 0.5, d4: 0.1 }
    const found = s.trecMeasures(
      Object.entries(scores).map(([document, score]) => ({ document, score })),
      judged,
    )
    return [
      [Number(found.get('map')), q1.map],
      [Number(found.get('ndcg')), q1.ndcg],
    ]
  },
}

function compare(group: string, pairs: Pairs): void {
  assert.ok(pairs.length > 0)
  for (const [place, [found = Number.NaN, expected, tolerance = 1e-4]] of pairs.entries())
    assert.ok(Math.abs(found - expected) <= tolerance, `${group}, value ${place}: ${found} is not ${expected}`)
}

test('every group of the collected reference values [E2]', (context) => {
  if (!existsSync(path)) return context.skip('there is no ../shared/data/statistics beside the project')
  const reference = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Row>
  const groups = Object.keys(reference).filter((name) => name !== '_note')
  assert.deepEqual(groups.toSorted(), Object.keys(checks).toSorted())
  for (const group of groups) for (const row of [reference[group]].flat()) compare(group, checks[group]?.(row) ?? [])
})

const known: readonly (readonly [group: string, row: Row])[] = [
  [
    'kappa2',
    {
      table: [
        [118, 5],
        [2, 0],
      ],
      po: 0.944,
      kappa: -0.023392,
      scottPi: -0.028807,
      ac1: 0.940776,
    },
  ],
  [
    'kappa2',
    {
      table: [
        [50, 0],
        [0, 0],
      ],
      kappa: null,
      ac1: 1,
    },
  ],
  ['judgeCorrection', { p: 0.4, spec: 0.7, sens: 0.9, n: 1000, m0: 200, m1: 200, theta: 0.166667, ci95: [0.056351, 0.262733] }],
  ['bernoulliCS', { k: 15, n: 50, alpha: 0.05, tOpt: 50, ci: [0.129556, 0.511896] }],
  ['cuped', { X: [1, 2, 3, 4, 5, 6, 7, 8], Y: [2, 1, 4, 3, 6, 5, 8, 9], theta: 1.071429, varY: 7.928571, varCuped: 1.040816 }],
  ['sprt', { alpha: 0.05, beta: 0.2, logA: 2.772589, logB: -1.558145 }],
  ['passAtK', { n: 5, c: 2, k: 2, passAt: 0.7, passHat: 0.1 }],
  ['betaBinomialPBgtA', { a: [45, 50], b: [48, 50], p: 0.865463 }],
  ['rank', { x: [1, 2, 3, 4, 5, 6], y: [1, 3, 2, 5, 4, 6], kendall: 0.733333, spearman: 0.885714 }],
  [
    'krippendorff',
    {
      data: [
        [0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
        [1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
      ],
      nominal: 0.095238,
    },
  ],
]
for (const [group, row] of known)
  test(`${group}, a value that stands here [E2]`, () => compare(group, checks[group]?.(row) ?? []))
