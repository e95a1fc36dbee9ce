/** The terms of a passage by field, analysed once. Knows passages; knows nothing of questions. */
import type { Passage } from '../../../contracts/document.ts'
import { analyseText } from '../../../foundation/text/analysis.ts'

export interface PassageProfile {
  /** In their order. */
  readonly body: readonly string[]
  readonly title: ReadonlySet<string>
  readonly headings: ReadonlySet<string>
  /** Of title and headings. */
  readonly names: ReadonlySet<string>
  /** Of names and body. */
  readonly all: ReadonlySet<string>
}

/** At some 5 kB each. */
const REMEMBERED_PASSAGES = 1_500

/** Analysing two dozen passages costs as much as finding them, and the same ones are found again and again. */
export function rememberProfiles(): (passage: Passage) => PassageProfile {
  const profiles = new Map<string, PassageProfile>()
  return (passage) => {
    const key = [passage.chunk, passage.version, passage.start, passage.end, passage.language, passage.title].join('\n')
    const known = profiles.get(key)
    if (known) return known
    const profile = profileOf(passage)
    if (profiles.size >= REMEMBERED_PASSAGES) profiles.clear()
    profiles.set(key, profile)
    return profile
  }
}

function profileOf({ text, title, headingPath, language }: Passage): PassageProfile {
  const body = analyseText(text, language)
  const titleTerms = new Set(analyseText(title, language))
  const headings = new Set(analyseText(headingPath.join('\n'), language))
  const names = titleTerms.union(headings)
  return { body, title: titleTerms, headings, names, all: names.union(new Set(body)) }
}
