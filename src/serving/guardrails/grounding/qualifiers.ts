/** Which binding, restricting or relating words a text has. Knows the words of each language; decides nothing. */
import { QUALIFIERS, type Qualifier } from './qualifiers.data.ts'

export interface QualifierSpan {
  readonly qualifier: Qualifier
  /** Half-open span in the text. */
  readonly start: number
  readonly end: number
}

/** None in a language without a list. The longest alternative wins: "no more than" is not "more than". */
export function findQualifiers(text: string, language: string): readonly QualifierSpan[] {
  const known = PATTERNS.get(language)
  if (!known) return []
  return [...text.matchAll(known.pattern)].flatMap((match): QualifierSpan[] => {
    const qualifier = known.meanings.get(match[0].toLowerCase().replace(/\s+/gu, ' '))
    // With a capital it is the month.
    if (!qualifier || match[0] === 'May') return []
    return [{ qualifier, start: match.index, end: match.index + match[0].length }]
  })
}

const PATTERNS = new Map(
  Object.entries(QUALIFIERS).map(([language, classes]) => {
    const meanings = new Map(
      (Object.entries(classes) as [Qualifier, string][]).flatMap(([qualifier, written]) =>
        written.split('|').map((words) => [words, qualifier] as const),
      ),
    )
    const written = [...meanings.keys()].toSorted((left, right) => right.length - left.length).join('|')
    const pattern = new RegExp(String.raw`(?<!\p{L})(?:${written.replaceAll(' ', String.raw`\s`)})(?!\p{L})`, 'giu')
    return [language, { meanings, pattern }]
  }),
)
