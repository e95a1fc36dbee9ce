/** Path globs that users may write: `*`, `**` and `?`, matched without backtracking, so that no pattern can take long. */
import { TouchstoneError } from '../errors/touchstone-error.ts'

const LONGEST = 300
type Step = '*' | '**' | '?' | { readonly literal: string }

/**
 * `*` is any run without `/`, `**` any run, `?` one character that is no `/`.
 * Follows the set of reachable steps: time is at most length of pattern times length of path.
 * @throws TouchstoneError FILTER_INVALID
 */
export function parsePathPattern(pattern: string): (path: string) => boolean {
  if (pattern.length > LONGEST) {
    const details = { filter: 'path', reason: `a pattern has at most ${LONGEST} characters` }
    throw new TouchstoneError('FILTER_INVALID', { details })
  }
  const steps: readonly Step[] = Array.from(pattern.matchAll(/\*\*|[*?]|[^*?]/gsu), ([part]) =>
    part === '*' || part === '**' || part === '?' ? part : { literal: part },
  )
  return (path) => {
    let reached = skipEmptyRuns(steps, new Set([0]))
    for (const character of path) {
      const next = new Set<number>()
      for (const at of reached) {
        const step = steps[at]
        if (step === '**' || (step === '*' && character !== '/')) next.add(at)
        else if (step === '?' ? character !== '/' : typeof step === 'object' && step.literal === character) next.add(at + 1)
      }
      if (next.size === 0) return false
      reached = skipEmptyRuns(steps, next)
    }
    return reached.has(steps.length)
  }
}

function skipEmptyRuns(steps: readonly Step[], reached: Set<number>): Set<number> {
  // A set grows while it is walked, so runs of stars are followed to their end.
  for (const at of reached) if (steps[at] === '*' || steps[at] === '**') reached.add(at + 1)
  return reached
}
