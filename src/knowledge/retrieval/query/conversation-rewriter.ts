/** Makes a follow-up question stand by itself, from the questions before it. Knows how follow-ups look; knows nothing of documents or answers. */
import { z } from 'zod'
import type { QueryRewriterExtension } from '../../../contracts/retrieval.ts'
import { contentWords } from '../../../foundation/text/analysis.ts'
import { detectLanguage } from '../../../foundation/text/language.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { followUpPatterns, type FollowUpPatterns } from './follow-up-patterns.data.ts'

const schema = z.strictObject({})

/** A question with more words of its own before a pronoun names what the pronoun means. */
const WORDS_THAT_NAME = 2
/** A fragment with more content words is a question of its own. */
const FRAGMENT_WORDS = 2
/** Words of the earlier subject that are carried over. */
const SUBJECT_WORDS = 8

export const conversation: QueryRewriterExtension<z.output<typeof schema>, Record<never, never>> = {
  id: 'conversation',
  version: 1,
  summary: 'Completes follow-up questions from the questions before them; questions that stand by themselves stay as they are',
  parseOptions: (input) => parseExtensionOptions('conversation', schema, input),
  create: () => ({
    id: 'conversation',
    replaces: true,
    rewrite: async (question, history) => {
      const standalone = toStandalone(question, history.at(-1))
      return standalone === undefined ? [] : [standalone]
    },
  }),
}

/** @returns `undefined` when the question stands by itself, or there is nothing to lean on */
export function toStandalone(question: string, previous: string | undefined): string | undefined {
  const asked = question.trim()
  if (previous === undefined || previous.trim() === '' || asked === '') return undefined
  const language = detectLanguage(`${previous} ${asked}`, Object.keys(followUpPatterns))
  const patterns = followUpPatterns[language]
  if (patterns === undefined) return undefined
  const changed = changedThing(asked, language, patterns)
  if (changed !== undefined) return exchange(previous.trim(), changed, patterns)
  if (!leansOnEarlier(asked, language, patterns)) return undefined
  const subject = subjectOf(previous, asked, language, patterns)
  return subject === '' ? undefined : patterns.join(withoutMark(asked), subject)
}

/** "and for Germany?" changes one thing: "for Germany". A question with a verb behind "and" is a whole one. */
function changedThing(question: string, language: string, { opener, asking }: FollowUpPatterns): string | undefined {
  const thing = withoutMark(question.replace(opener, ''))
  const isOpened = opener.test(question)
  if (!isOpened || thing === '') return undefined
  const words = contentWords(thing, language)
  const asks = words.some(({ word }) => asking.test(word))
  return asks || words.filter(({ stop }) => !stop).length > FRAGMENT_WORDS + 1 ? undefined : thing
}

/** Puts the new thing where the previous question has one behind the same preposition, else behind it. */
function exchange(previous: string, thing: string, { slot }: FollowUpPatterns): string {
  const whole = withoutMark(previous)
  const preposition = [...thing.matchAll(slot)].find(({ index }) => index === 0)?.[1]?.toLowerCase()
  const place = [...whole.matchAll(slot)]
    .filter((match) => preposition === undefined || match[1]?.toLowerCase() === preposition)
    .at(-1)
  const name = preposition === undefined ? thing : thing.slice(preposition.length).trim()
  if (place === undefined || !isNameLike(name)) return `${whole}: ${thing}?`
  const start = place.index + place[0].length
  const old = /^[^,;:]+/u.exec(whole.slice(start))?.[0] ?? ''
  // Only a name gives way to a name: "for a week" is no place for "for Germany".
  if (!isNameLike(old)) return `${whole}: ${thing}?`
  return `${whole.slice(0, start)}${name}${whole.slice(start + old.length)}?`
}

function isNameLike(text: string): boolean {
  const words = text.trim().split(/\s+/u)
  return words.length <= 3 && words.every((word) => /^\p{Lu}/u.test(word))
}

function leansOnEarlier(question: string, language: string, patterns: FollowUpPatterns): boolean {
  const own = (text: string): number =>
    contentWords(text, language).filter(({ word, stop }) => !stop && !patterns.asking.test(word)).length
  const pronoun = patterns.pronoun.exec(question)
  if (pronoun && !patterns.expletive.test(question) && own(question.slice(0, pronoun.index)) < WORDS_THAT_NAME) return true
  return patterns.fragment.test(question) && own(question) < FRAGMENT_WORDS
}

/** What the previous question was about: its content words, without those that only ask and those that the new one repeats. */
function subjectOf(previous: string, question: string, language: string, { asking }: FollowUpPatterns): string {
  const repeated = new Set(contentWords(question, language).map(({ stem }) => stem))
  const words = contentWords(previous, language).filter(
    ({ word, stem, stop }) => !stop && !asking.test(word) && !repeated.has(stem),
  )
  return words
    .slice(0, SUBJECT_WORDS)
    .map(({ word }) => word)
    .join(' ')
}

function withoutMark(question: string): string {
  return question.replace(/[\s?？!！.。]+$/u, '').replace(/^¿\s*/u, '')
}
