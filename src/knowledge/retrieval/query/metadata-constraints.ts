/** What a question says of the documents it means: of which source, in which language, of which year. Knows readable values only; a boost, never a filter. */
import type { Passage } from '../../../contracts/document.ts'
import type { IndexFilter } from '../../../contracts/document-index.ts'
import type { ReadableValues } from '../../../contracts/document-store.ts'
import type { AnalysedQuery } from '../../../contracts/retrieval.ts'
import { rescored } from '../explanation.ts'
import { yearsAskedFor, yearsOf } from '../rerankers/superseded.ts'
import { questionPatterns } from './question-patterns.data.ts'

export interface MetadataConstraints {
  readonly sources: readonly string[]
  readonly languages: readonly string[]
  readonly years: readonly string[]
  /** What satisfying one of them is worth, as a share of the passage's score. */
  readonly boost: number
}

export const NO_CONSTRAINTS: MetadataConstraints = { sources: [], languages: [], years: [], boost: 0 }

/** @param readable of the documents that the asker may read: whatever else the question names is no constraint */
export function recogniseConstraints(
  { text, language }: AnalysedQuery,
  readable: ReadableValues,
): Omit<MetadataConstraints, 'boost'> {
  const patterns = questionPatterns[language]
  const years = yearsAskedFor(text)
  if (patterns === undefined) return { sources: [], languages: [], years }
  const [before, after] = patterns.inLanguage
  const says = (pattern: string): boolean => new RegExp(String.raw`(?<!\p{L})${pattern}`, 'iu').test(text)
  const sources = readable.sources.filter((source) => says(String.raw`${patterns.within}${nameOf(source)}(?![\p{L}\p{N}])`))
  const languages = readable.languages.filter((code) => says(`${before}${literally(languageName(code, language))}${after}`))
  // All of them is none: everything would be lifted alike.
  return {
    sources: sources.length < readable.sources.length ? sources : [],
    languages: languages.length < readable.languages.length ? languages : [],
    years,
  }
}

/** `hr-wiki` is written "HR wiki" too. */
function nameOf(source: string): string {
  const words = source.split(/[-_. ]+/u).filter((word) => word !== '')
  return words.map((word) => literally(word)).join(String.raw`[\s_.\-]+`)
}

function languageName(code: string, language: string): string {
  return /^[a-z]{2,3}$/.test(code) ? (new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code) : code
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

/** The place that the question names, inside what may be read; nothing when it names none that an index can select by. */
export function constrainedFilter(filter: IndexFilter, { sources, languages }: MetadataConstraints): IndexFilter | undefined {
  if (sources.length + languages.length === 0) return undefined
  return { ...filter, ...(sources.length > 0 ? { sources } : {}), ...(languages.length > 0 ? { languages } : {}) }
}

/** Passages of documents that the question means gain, once for each constraint that they satisfy. */
export function liftConstrained(
  passages: readonly Passage[],
  { sources, languages, years, boost }: MetadataConstraints,
): readonly Passage[] {
  if (sources.length + languages.length + years.length === 0) return passages
  return passages.map((passage) => {
    const held = [
      ...(sources.includes(passage.source) ? ['constraint/source'] : []),
      ...(languages.includes(passage.language) ? ['constraint/language'] : []),
      ...(years.length > 0 && yearsOf(passage).some((year) => years.includes(year)) ? ['constraint/year'] : []),
    ]
    const gain = passage.score * boost
    return rescored(passage, passage.score + gain * held.length, () =>
      held.map((name) => ({ name, value: 1, contribution: gain })),
    )
  })
}
