/** From single verdicts to that of the release, its exit status and the next step. Knows verdicts; knows no statistics. */
import type { GatePolicy } from './gate-policy.ts'
import type { GateReport, MetricVerdict, MustNeverVerdict, NextStep, Verdict } from './gate-report.ts'
import { showNumber } from './show-number.ts'

type Conclusion = Pick<GateReport, 'verdict' | 'reasons' | 'exitStatus' | 'next'>

/** The first that any deciding part has is that of the release: harm that was shown is not undone by what could not be measured. */
const WEIGHT: readonly Verdict[] = ['block', 'unmeasurable', 'inconclusive', 'pass']

/** @param problems of the runs as a whole; with one, nothing may be concluded, also no harm */
export function concludeRelease(
  problems: readonly string[],
  metrics: readonly MetricVerdict[],
  mustNever: readonly MustNeverVerdict[],
  policy: GatePolicy,
): Conclusion {
  const deciding = [...metrics.filter(({ gating }) => gating), ...mustNever].filter(({ waived }) => waived === undefined)
  const verdict = overall(problems, deciding)
  const told = deciding
    .filter(
      (part) => part.verdict === verdict || part.verdict === 'block' || ('worseWithinMargin' in part && part.worseWithinMargin),
    )
    .map((part) => `${part.name}: ${part.reason}`)
  const reasons = [
    ...problems,
    ...told,
    ...(deciding.length === 0 && problems.length === 0 ? ['no metric gates: nothing was decided'] : []),
    ...[...metrics, ...mustNever].flatMap(describeWaiver),
  ]
  return { verdict, reasons, exitStatus: exitStatus(verdict, policy), next: nextStep(verdict, metrics, mustNever, policy) }
}

function overall(problems: readonly string[], deciding: readonly { readonly verdict: Verdict }[]): Verdict {
  if (problems.length > 0 || deciding.length === 0) return 'unmeasurable'
  return WEIGHT.find((verdict) => deciding.some((part) => part.verdict === verdict)) ?? 'unmeasurable'
}

function describeWaiver({ name, verdict, waived }: MetricVerdict | MustNeverVerdict): string[] {
  if (waived === undefined) return []
  return [`${name}: ${verdict}, waived by ${waived.name} until ${waived.expires}: ${waived.reason}`]
}

function exitStatus(verdict: Verdict, { onInconclusive }: GatePolicy): Conclusion['exitStatus'] {
  if (verdict === 'pass') return 0
  if (verdict === 'block') return 1
  if (verdict === 'unmeasurable') return 2
  return onInconclusive === 'block' ? 1 : onInconclusive === 'warn' ? 0 : 3
}

function nextStep(
  verdict: Verdict,
  metrics: readonly MetricVerdict[],
  mustNever: readonly MustNeverVerdict[],
  { onInconclusive, alpha }: GatePolicy,
): NextStep {
  if (verdict === 'pass') return { step: 'release', text: 'release', harmAtMost: [] }
  if (verdict === 'block') return { step: 'stop', text: 'do not release', harmAtMost: [] }
  if (verdict === 'unmeasurable')
    return { step: 'repair', text: 'correct what the reasons name, and compare again', harmAtMost: [] }
  const open = metrics.filter((metric) => metric.gating && metric.waived === undefined && metric.verdict === 'inconclusive')
  const unseen = mustNever.filter((each) => each.waived === undefined && each.verdict === 'inconclusive')
  const drops = open.map(({ name, lower }) => ({ name, drop: Math.max(0, -(lower ?? 0)) }))
  const rates = unseen.map(({ name, upper }) => ({ name, drop: upper }))
  const harmAtMost = [...drops, ...rates]
  const needed = Math.max(0, ...[...open, ...unseen].map(({ moreCases }) => moreCases))
  // Missing outcomes count at their worst, so that they are the nearest thing to get.
  const isMissing =
    unseen.some(({ missing }) => missing > 0) || open.some(({ missing }) => missing.baseline + missing.candidate > 0)
  const more = isMissing ? 'run again what is missing' : `run ${needed} cases more`
  const bounds = [
    ...drops.map(({ name, drop }) => `${name} drops by at most ${showNumber(drop)}`),
    ...rates.map(({ name, drop }) => `${name} happens in at most ${showNumber(drop)} of the cases`),
  ]
  const bound = bounds.length === 0 ? '' : `: at level ${alpha} ${bounds.join(', ')}`
  const steps: Record<GatePolicy['onInconclusive'], Pick<NextStep, 'step' | 'text'>> = {
    canary: { step: 'canary', text: `proceed to canary${bound}; or ${more}` },
    'more-cases': { step: 'more-cases', text: `${more} before deciding${bound}` },
    warn: { step: 'release', text: `release with this warning${bound}; ${more} to decide` },
    block: { step: 'stop', text: `do not release before it is decided; ${more}${bound}` },
  }
  return { ...steps[onInconclusive], harmAtMost }
}
