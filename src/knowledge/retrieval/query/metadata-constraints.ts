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
  { text, language }: Pick<AnalysedQuery, 'text' | 'language'>,
  readable: ReadableValues,
): Omit<MetadataConstraints, 'boost'> {
  const { sources, languages } = patternsOf(language, readable)
  return { sources: namedOf(sources, text), languages: namedOf(languages, text), years: yearsAskedFor(text) }
}

type NamePatterns = readonly (readonly [value: string, pattern: RegExp])[]

interface ValuePatterns {
  readonly sources: NamePatterns
  readonly languages: NamePatterns
}

const compiled = new Map<string, ValuePatterns>()
/** By language of the question and readable values: of those there are few, as most people read the same sources. */
const MOST_COMPILED = 500

/** Names of languages cost a millisecond to look up. */
function patternsOf(language: string, { sources, languages }: ReadableValues): ValuePatterns {
  const key = JSON.stringify([language, sources, languages])
  const known = compiled.get(key)
  if (known !== undefined) return known
  const patterns = questionPatterns[language]
  const [before = '', after = ''] = patterns?.inLanguage ?? []
  const pattern = (source: string): RegExp => new RegExp(String.raw`(?<!\p{L})${source}`, 'iu')
  const made: ValuePatterns =
    patterns === undefined
      ? { sources: [], languages: [] }
      : {
          sources: sources.map((source) => [source, pattern(String.raw`${patterns.within}${nameOf(source)}(?![\p{L}\p{N}])`)]),
          languages: languages.map((code) => [code, pattern(`${before}${literally(languageName(code, language))}${after}`)]),
        }
  if (compiled.size >= MOST_COMPILED) compiled.clear()
  compiled.set(key, made)
  return made
}

/** All of them is none: everything would be lifted alike. */
function namedOf(patterns: NamePatterns, text: string): readonly string[] {
  const named = patterns.filter(([, pattern]) => pattern.test(text)).map(([value]) => value)
  return named.length < patterns.length ? named : []
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
