/** Scores adjusted by what was known of each case before. Knows pairs of numbers only. */
import { covariance, meanOf } from './moments.ts'
import { requireValues, undefinedStatistic } from './undefined-statistic.ts'

/**
 * CUPED: outcomes minus theta times the covariate's distance from its mean. The mean stays; the variance falls by the squared
 * correlation. The covariate must be measured before anything differed (offline: the baseline's score).
 * @param outcomes finite, at least two  @param covariate as many; without spread it changes nothing
 * @returns adjusted outcomes in the order of the input, and theta
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Deng, Xu, Kohavi, Walker 2013.
 */
export function adjustByCovariate(
  outcomes: readonly number[],
  covariate: readonly number[],
): { readonly adjusted: readonly number[]; readonly theta: number } {
  requireValues('CUPED', outcomes, 2)
  requireValues('CUPED', covariate, 2)
  if (outcomes.length !== covariate.length)
    throw undefinedStatistic('CUPED', `${outcomes.length} outcomes and ${covariate.length} covariates`)
  const spread = covariance(covariate, covariate)
  const theta = spread > 0 ? covariance(outcomes, covariate) / spread : 0
  const centre = meanOf(covariate)
  return { adjusted: outcomes.map((outcome, place) => outcome - theta * ((covariate[place] ?? 0) - centre)), theta }
}
