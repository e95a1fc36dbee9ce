/** What the evaluation suite measures beside the gate's error rates: coverage of intervals, a small run, a provider's quota. */
import { CALLS, runAgainst, shareUsed, startLimitedServer, TOKENS_PER_SECOND } from '../../test/fixtures/limited-server.ts'
import { pairedDifferenceInterval } from '../../src/foundation/statistics/paired-proportion-intervals.ts'
import { clopperPearsonInterval } from '../../src/foundation/statistics/proportion-intervals.ts'
import { pairedCoverage, rateCoverage } from './exact-coverage.ts'
import { trivialRun } from './trivial-run.ts'

export interface FurtherMeasure {
  readonly question: string
  readonly cases: number
  readonly found: string
  readonly target: string
}

const RATES = Array.from({ length: 200 }, (_, at) => 0.8 + (0.199 * at) / 199)
const DISCORDANCES = [0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1]

/** Smallest coverage of 95 % intervals: of a rate over [.8, .999], of a paired difference over every split of 0 to 10 % discordance. */
export function coverageMeasures(): FurtherMeasure[] {
  const rate = [20, 50, 100].map((cases) => {
    const least = Math.min(...RATES.map((each) => rateCoverage((k, n) => clopperPearsonInterval(k, n), cases, each)))
    return measure('smallest coverage, one rate', cases, least, 0.95)
  })
  const paired = [50, 100, 200, 500].map((cases) => {
    const designs = DISCORDANCES.flatMap((all) =>
      [0, 0.25, 0.5].map((share) => ({ cases, worse: all * (1 - share), better: all * share })),
    )
    const least = Math.min(...designs.map((design) => pairedCoverage((counts) => pairedDifferenceInterval(counts), design)))
    return measure('smallest coverage, paired difference', cases, least, 0.93)
  })
  return [...rate, ...paired]
}

/** A second start, as any but the first is: the first fills the compile cache. */
export async function smallRun(root: string, folder: string): Promise<FurtherMeasure> {
  await trivialRun(root, folder)
  const { seconds, cpuSeconds, megabytes } = await trivialRun(root, folder)
  return {
    question: 'evaluates trivial cases, cold',
    cases: 1_000,
    found: `${seconds.toFixed(2)} s (CPU ${cpuSeconds.toFixed(2)} s), ${Math.round(megabytes)} MB`,
    target: `< 1 s, < 120 MB: ${seconds < 1 && megabytes < 120 ? 'met' : 'MISSED'}`,
  }
}

export async function quotaRun(): Promise<FurtherMeasure> {
  const { url, server, used, refused } = await startLimitedServer()
  try {
    const { run, seconds } = await runAgainst(url, TOKENS_PER_SECOND * 60)
    const share = shareUsed(used(), seconds)
    const met = share >= 0.95 && run.cases.scored === CALLS
    return {
      question: 'uses of a quota, calls lost, refused',
      cases: CALLS,
      found: `${share.toFixed(3)}, ${CALLS - run.cases.scored}, ${refused()}`,
      target: `>= .95, 0: ${met ? 'met' : 'MISSED'}`,
    }
  } finally {
    server.close()
  }
}

function measure(question: string, cases: number, least: number, bound: number): FurtherMeasure {
  return { question, cases, found: least.toFixed(4), target: `>= ${bound}: ${least >= bound ? 'met' : 'MISSED'}` }
}
