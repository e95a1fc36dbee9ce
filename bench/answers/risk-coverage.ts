/** What a confidence is worth: how often answers are wrong, by how many questions are answered. Knows numbers only, nothing of answers. */

export interface Judged {
  /** Comparable over questions; higher means surer. */
  readonly confidence: number
  readonly right: boolean
}

/** What answering everything at least this sure would give. */
export interface OperatingPoint {
  readonly threshold: number
  /** Share of all questions that are answered, (0, 1]. */
  readonly coverage: number
  /** Share of the answered that are wrong, [0, 1]. */
  readonly risk: number
}

/**
 * One point for each distinct confidence, surest first: what has the same confidence is answered together.
 * Source: El-Yaniv and Wiener 2010 (risk-coverage curve); that unanswerable questions count as wrong when answered: Kamath et al. 2020.
 */
export function riskCoverageCurve(judged: readonly Judged[]): readonly OperatingPoint[] {
  const ranked = judged.toSorted((left, right) => right.confidence - left.confidence)
  let wrong = 0
  return ranked.flatMap(({ confidence, right }, index) => {
    if (!right) wrong++
    if (ranked[index + 1]?.confidence === confidence) return []
    return [{ threshold: confidence, coverage: (index + 1) / ranked.length, risk: wrong / (index + 1) }]
  })
}

/**
 * Area under the curve as a step function of coverage: the mean risk over all coverages; 0 is best. NaN without points.
 * Source: Geifman and El-Yaniv 2017 (there a mean over every prefix; equal to this where confidences differ).
 */
export function areaUnderRiskCoverage(curve: readonly OperatingPoint[]): number {
  if (curve.length === 0) return Number.NaN
  return curve.reduce((sum, { coverage, risk }, index) => sum + risk * (coverage - (curve[index - 1]?.coverage ?? 0)), 0)
}

/** @returns the point of the largest coverage whose risk is within the bound; nothing when there is none */
export function widestWithin(curve: readonly OperatingPoint[], risk: number): OperatingPoint | undefined {
  return curve.findLast((point) => point.risk <= risk)
}

/** @returns the point that a threshold gives; nothing when no confidence reaches it */
export function pointAt(curve: readonly OperatingPoint[], threshold: number): OperatingPoint | undefined {
  return curve.findLast((point) => point.threshold >= threshold)
}
