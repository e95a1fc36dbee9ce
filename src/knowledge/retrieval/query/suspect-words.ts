/** Which words of a question may be misspelled, if nothing that may be read holds them. Knows how words look; knows no documents. */
import { contentWords } from '../../../foundation/text/analysis.ts'
import { synonymGroups } from '../../../foundation/text/synonyms.ts'

/** Shorter words have neighbours that mean something else. */
const SHORTEST = 4
const LONGEST = 24
const QUOTED = /"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|`[^`]*`/gu
/** Tied to another word it is part of a name: `foo.bar`, `e-mail`, `a/b`, `@who`. */
const TIED = /[-_./\\@#:+&\u2010\u2011]/u
/** Letters of one case, or a capital in front: no acronym, no `camelCase`, no number. */
const PROSE = /^\p{L}\p{Ll}*$|^\p{Lo}+$/u

/** Without numbers, identifiers, acronyms, what stands in quotes, and words of the thesaurus, which are spelled as they should be. Each once. */
export function suspectWords(question: string, language: string): readonly string[] {
  const quoted = [...question.matchAll(QUOTED)].map(({ index, 0: text }) => [index, index + text.length] as const)
  const words = contentWords(question, language).filter(
    ({ word, stem, stop, start, end }) =>
      !stop &&
      word.length >= SHORTEST &&
      word.length <= LONGEST &&
      PROSE.test(word) &&
      !isTied(question, start, end) &&
      !quoted.some(([from, to]) => start >= from && end <= to) &&
      synonymGroups([stem], language).length === 0,
  )
  return [...new Map(words.toReversed().map(({ word }) => [word.toLowerCase(), word])).values()].toReversed()
}

/** A sign between two words without white space; at the end of a sentence it ties nothing. */
function isTied(text: string, start: number, end: number): boolean {
  const isSign = (at: number): boolean => TIED.test(text.charAt(at))
  const isWord = (at: number): boolean => /[\p{L}\p{N}]/u.test(text.charAt(at))
  return (isSign(start - 1) && (isWord(start - 2) || !'-.:'.includes(text.charAt(start - 1)))) || (isSign(end) && isWord(end + 1))
}
