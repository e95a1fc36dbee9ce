/** What several attempts at one case say of several more. Knows counts only. */
import { requireCounts, undefinedStatistic } from './undefined-statistic.ts'

/**
 * P that at least one of k attempts passes, unbiased from n attempts.
 * @param passed whole, 0..attempts  @param k whole, 1..attempts
 * @returns 0..1
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of these
 * Source: Chen et al. 2021 (arXiv 2107.03374).
 */
export function passAtK(attempts: number, passed: number, k: number): number {
  requireAttempts(attempts, passed, k)
  return 1 - shareOfDraws(attempts, attempts - passed, k)
}

/**
 * P that all of k attempts pass: reliability, where pass@k hides what fails now and then. As passAtK.
 * Source: Yao et al. 2024 (arXiv 2406.12045).
 */
export function passHatK(attempts: number, passed: number, k: number): number {
  requireAttempts(attempts, passed, k)
  return shareOfDraws(attempts, passed, k)
}

/** Share of the draws of k from n that are all of one kind: C(kind, k) / C(n, k). */
function shareOfDraws(n: number, kind: number, k: number): number {
  let share = 1
  for (let drawn = 0; drawn < k; drawn++) share *= Math.max(0, kind - drawn) / (n - drawn)
  return share
}

function requireAttempts(attempts: number, passed: number, k: number): void {
  requireCounts('A pass rate of repeated attempts', { attempts, passed, k, failed: attempts - passed, left: attempts - k })
  if (k < 1) throw undefinedStatistic('A pass rate of repeated attempts', `k = ${k}`)
}
