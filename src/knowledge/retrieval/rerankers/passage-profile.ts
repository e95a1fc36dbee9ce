/** The terms of a passage by field, analysed once. Knows passages; knows nothing of questions. */
import type { Passage } from '../../../contracts/document.ts'
import { analyseText } from '../../../foundation/text/analysis.ts'
import { sketchWords, type TextSketch } from '../../../foundation/text/text-sketch.ts'

export interface PassageProfile {
  /** In their order. */
  readonly body: readonly string[]
  readonly title: ReadonlySet<string>
  readonly headings: ReadonlySet<string>
  /** Of title and headings. */
  readonly names: ReadonlySet<string>
  /** Of names and body. */
  readonly all: ReadonlySet<string>
  /** Of the body. */
  readonly sketch: TextSketch
}

/** At some 6 kB each. */
const REMEMBERED_PASSAGES = 1_500

const profiles = new Map<string, PassageProfile>()

/**
 * Analysing two dozen passages costs as much as finding them, and the same ones are found again and again: the last ones are
 * remembered, by what they say and not by what they are called.
 */
export function profileOf(passage: Passage): PassageProfile {
  const { text, title, headingPath, language } = passage
  const key = [language, title, ...headingPath, text].join('\n')
  const known = profiles.get(key)
  if (known) return known
  const profile = analysePassage(passage)
  if (profiles.size >= REMEMBERED_PASSAGES) profiles.clear()
  profiles.set(key, profile)
  return profile
}

function analysePassage({ text, title, headingPath, language }: Passage): PassageProfile {
  const body = analyseText(text, language)
  const titleTerms = new Set(analyseText(title, language))
  const headings = new Set(analyseText(headingPath.join('\n'), language))
  const names = titleTerms.union(headings)
  const all = names.union(new Set(body))
  return { body, title: titleTerms, headings, names, all, sketch: sketchWords(body) }
}
