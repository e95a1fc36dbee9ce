/** A feature's own synonyms, as people write them. Knows the notation and which terms a question gains; knows nothing of ranking. */
import type { SynonymRule } from '../../../contracts/release.ts'
import { contentWords } from '../../../foundation/text/analysis.ts'
import { compileByLanguage } from './compile-by-language.ts'

const MOST_WORDS = 6
const MOST_RULES = 20_000

export interface SynonymProblem {
  /** 1-based. */
  readonly line: number
  readonly message: string
}

export interface ParsedSynonyms {
  readonly rules: readonly SynonymRule[]
  readonly problems: readonly SynonymProblem[]
}

/**
 * `PTO, paid time off, annual leave` are names of one thing; `kb => knowledge base, wiki` widens questions with the left side only.
 * What follows `#` is a comment. The notation is Solr's.
 */
export function parseSynonyms(lines: readonly string[]): ParsedSynonyms {
  const rules: SynonymRule[] = []
  const problems: SynonymProblem[] = []
  for (const [index, written] of lines.entries()) {
    const text = written.replace(/#.*$/su, '').trim()
    if (text === '') continue
    const sides = text.split('=>').map(phrasesOf)
    const [from = [], to = from] = sides
    const message = problemOf(sides)
    if (message === undefined) rules.push({ from, to })
    else problems.push({ line: index + 1, message })
  }
  if (rules.length > MOST_RULES) problems.push({ line: lines.length, message: `more than ${MOST_RULES} rules` })
  return { rules, problems }
}

function phrasesOf(side: string): readonly string[] {
  return side.split(',').map((phrase) => phrase.trim())
}

function problemOf(sides: readonly (readonly string[])[]): string | undefined {
  const phrases = sides.flat()
  if (sides.length > 2) return 'a rule has one =>'
  if (phrases.includes('')) return 'a word is missing between commas or beside =>'
  const mute = phrases.find((phrase) => !/[\p{L}\p{N}]/u.test(phrase))
  if (mute !== undefined) return `"${mute}" has no letter or digit`
  const long = phrases.find((phrase) => phrase.split(/\s+/u).length > MOST_WORDS)
  if (long !== undefined) return `"${long}" has more than ${MOST_WORDS} words`
  return phrases.length < 2 ? `"${phrases[0]}" stands alone: write its synonyms behind commas, or one way with =>` : undefined
}

interface Lookup {
  /** Rules by the stems of a phrase of their left side. */
  readonly rules: ReadonlyMap<string, readonly (readonly string[])[]>
  /** Stems of the longest phrase. */
  readonly longest: number
}

/** Index terms of what else the words and phrases of a text may be called under these rules; without the text's own, unique. */
export function ruleTerms(text: string, language: string, rules: readonly SynonymRule[]): readonly string[] {
  const { rules: byPhrase, longest } = lookupOf(rules, language)
  const stems = contentWords(text, language).map(({ stem }) => stem)
  const gained = new Set<string>()
  for (let start = 0; start < stems.length; start++)
    for (let length = 1; length <= longest && start + length <= stems.length; length++)
      for (const terms of byPhrase.get(stems.slice(start, start + length).join(' ')) ?? [])
        for (const term of terms) gained.add(term)
  for (const own of stems) gained.delete(own)
  return [...gained]
}

const lookupOf = compileByLanguage((rules: readonly SynonymRule[], language): Lookup => {
  const byPhrase = new Map<string, (readonly string[])[]>()
  let longest = 0
  for (const { from, to } of rules) {
    const gained = to.flatMap((phrase) => contentWords(phrase, language).flatMap(({ stem, stop }) => (stop ? [] : [stem])))
    for (const phrase of from) {
      const stems = contentWords(phrase, language).map(({ stem }) => stem)
      longest = Math.max(longest, stems.length)
      const key = stems.join(' ')
      byPhrase.set(key, [...(byPhrase.get(key) ?? []), gained])
    }
  }
  return { rules: byPhrase, longest }
})
