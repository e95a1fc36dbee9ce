/** A rate that an imperfect judge measured, corrected by how often it is wrong. Knows counts; knows nothing of judges. */
import { normalQuantile } from './normal-distribution.ts'
import type { Interval } from './proportion-intervals.ts'
import { requireShare, undefinedStatistic } from './undefined-statistic.ts'

export interface JudgedRate {
  /** Share of the cases that the judge passed, and how many it judged. */
  readonly rate: number
  readonly cases: number
  /** Share of truly failing cases that it fails, and how many people labelled as failing. On outputs of this very system. */
  readonly specificity: number
  readonly failingLabels: number
  /** Share of truly passing cases that it passes, and how many people labelled as passing. */
  readonly sensitivity: number
  readonly passingLabels: number
}

/** Below so much sensitivity + specificity - 1, at its lower bound, a judge is nearer to chance than to a measurement. */
const LEAST_INFORMATION = 0.3

/**
 * Rogan and Gladen's estimate of the true rate with Lee's interval, which counts the labels' uncertainty too.
 * @returns all in [0, 1], estimate and interval clipped
 * @throws TouchstoneError STATISTIC_UNDEFINED for shares outside [0, 1], counts below 1, or a judge whose
 * sensitivity + specificity - 1 may be below .3
 * Source: Rogan and Gladen 1978; Lee et al. 2025 (arXiv 2511.21140).
 */
export function correctedRate(judged: JudgedRate, confidence = 0.95): Interval & { readonly estimate: number } {
  requireShare('A corrected rate', 'confidence', confidence)
  const z = normalQuantile(0.5 + confidence / 2)
  requireJudge(judged, z)
  const n = judged.cases + z * z
  const [ofFailing, ofPassing] = [judged.failingLabels + 2, judged.passingLabels + 2]
  const p = (judged.cases * judged.rate + (z * z) / 2) / n
  const specificity = (judged.failingLabels * judged.specificity + 1) / ofFailing
  const sensitivity = (judged.passingLabels * judged.sensitivity + 1) / ofPassing
  const information = specificity + sensitivity - 1
  const theta = (p + specificity - 1) / information
  const failingVariance = (specificity * (1 - specificity)) / ofFailing
  const passingVariance = (sensitivity * (1 - sensitivity)) / ofPassing
  const shift = 2 * z * z * (theta * passingVariance - (1 - theta) * failingVariance)
  const variance = (p * (1 - p)) / n + (1 - theta) ** 2 * failingVariance + theta ** 2 * passingVariance
  const half = (z * Math.sqrt(variance)) / information
  const estimate = (judged.rate + judged.specificity - 1) / (judged.specificity + judged.sensitivity - 1)
  return { estimate: clip(estimate), lower: clip(theta + shift - half), upper: clip(theta + shift + half) }
}

function requireJudge({ rate, cases, specificity, failingLabels, sensitivity, passingLabels }: JudgedRate, z: number): void {
  const isShares = [rate, specificity, sensitivity].every((share) => share >= 0 && share <= 1)
  const isCounts = [cases, failingLabels, passingLabels].every((count) => count >= 1 && Number.isFinite(count))
  if (!isShares || !isCounts) throw undefinedStatistic('A corrected rate', `a rate of ${rate} of ${cases} cases`)
  const variance = (specificity * (1 - specificity)) / failingLabels + (sensitivity * (1 - sensitivity)) / passingLabels
  if (specificity + sensitivity - 1 - z * Math.sqrt(variance) < LEAST_INFORMATION)
    throw undefinedStatistic('A corrected rate', `a judge of sensitivity ${sensitivity} and specificity ${specificity}`)
}

function clip(share: number): number {
  return Math.min(1, Math.max(0, share))
}
