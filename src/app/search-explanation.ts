/** What a searcher is told of why a hit stands where it stands. Knows what is for administrators alone; knows nothing of ranking. */
import type { Passage } from '../contracts/document.ts'
import type { HitExplanation } from '../contracts/search.ts'
import type { SearchRequest } from './application.ts'

/** Contributions are points of a score that the searcher sees anyway; what was measured may depend on documents that they may not read. */
export function toHitExplanation(passage: Passage, view: NonNullable<SearchRequest['explain']>): HitExplanation {
  const isAbsolute = view === 'absolute'
  const contributions = (passage.contributions ?? []).map(({ name, value, contribution }) => ({
    name,
    contribution: threeDigits(contribution),
    ...(isAbsolute ? { value: threeDigits(value) } : {}),
  }))
  const matched = passage.matched ?? []
  return isAbsolute && passage.features !== undefined
    ? { contributions, matched, features: passage.features }
    : { contributions, matched }
}

function threeDigits(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
