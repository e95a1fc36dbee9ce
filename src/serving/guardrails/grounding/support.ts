/** How far one passage supports one sentence, decided by rules alone. Knows nothing of permissions, streams or models. */
import type { Passage } from '../../../contracts/document.ts'
import { splitSentences } from '../../../foundation/text/segmentation.ts'
import { foldText } from '../../../foundation/text/unicode.ts'
import { factAgrees } from './facts.ts'
import { RESTRICTIONS } from './qualifiers.data.ts'
import { collapseText } from './collapsed-text.ts'
import { analyseStatement, isNegated, type Statement } from './statement.ts'

/** Half-open span in the passage's own text. */
export interface TextSpan {
  readonly start: number
  readonly end: number
}

export interface SupportFinding {
  readonly support: 'quoted' | 'lexical'
  readonly span: TextSpan
}

const MAX_WINDOW = 3
const SENTENCE_END = /[.!?。！？…]+["'”’»)\]」』）]*$/u
const MARKS_ALONE = /^[^\p{L}\p{N}]*$/u
const BULLET = /^(?:[-*•–]|\d{1,2}[.)])\s+/u

/**
 * `quoted`: whole sentences or lines of the passage, word for word (white space aside): a part of one may mean something else.
 * `lexical`: one to three adjacent sentences of the passage hold all its numbers, dates, names and content words, and agree in
 * negation, in what binds (must, may) or relates (before, only, unless) and in what restricts; content words may also stand in the title or the headings, but at least half must be in the sentences themselves.
 * @returns nothing when neither holds
 */
export function findSupport(sentence: string, passage: Passage): SupportFinding | undefined {
  return findQuote(sentence, passage) ?? findLexicalSupport(sentence, passage)
}

function findQuote(sentence: string, passage: Passage): SupportFinding | undefined {
  const source = collapseText(passage.text)
  const claim = collapseText(sentence).text.replace(BULLET, '')
  const sentences = sentencesOf(passage)
  for (const wanted of new Set([claim, claim.replace(SENTENCE_END, '')])) {
    if (!/[\p{L}\p{N}]/u.test(wanted)) continue
    for (let at = source.text.indexOf(wanted); at >= 0; at = source.text.indexOf(wanted, at + 1)) {
      if (cutsWord(source.text, at) || cutsWord(source.text, at + wanted.length)) continue
      const span = source.spanOf(at, at + wanted.length)
      const around = sentences.filter((other) => other.start < span.end && other.end > span.start)
      const [first, last] = [around[0], around.at(-1)]
      if (!first || !last || !MARKS_ALONE.test(passage.text.slice(first.start, span.start).replace(BULLET, ''))) continue
      if (MARKS_ALONE.test(collapseText(passage.text.slice(span.end, last.end)).text)) return { support: 'quoted', span }
    }
  }
  return undefined
}

function cutsWord(text: string, at: number): boolean {
  const spaced = /[\p{L}\p{N}]/u
  const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
  const [before, after] = [text.charAt(at - 1), text.charAt(at)]
  return spaced.test(before) && spaced.test(after) && !unspaced.test(before + after)
}

function findLexicalSupport(sentence: string, passage: Passage): SupportFinding | undefined {
  const claim = analyseStatement(sentence.replace(BULLET, ''), passage.language)
  if (claim.stems.size + claim.facts.length === 0) return undefined
  const context = analyseStatement([passage.title, ...passage.headingPath].join('\n'), passage.language)
  const folded = foldText([passage.title, ...passage.headingPath, passage.text].join('\n'))
  if (![...claim.names].every((name) => folded.includes(name))) return undefined
  const sentences = sentencesOf(passage)
  for (let size = 1; size <= Math.min(MAX_WINDOW, sentences.length); size++) {
    const covering = windowsOf(sentences, size)
      .map((span) => ({ span, evidence: analyseStatement(passage.text.slice(span.start, span.end), passage.language) }))
      .filter(({ evidence }) => covers(claim, evidence, context))
    // The smallest text that says all of it decides: a wider one would mix in somebody else's negation.
    if (covering.length === 0) continue
    const agreeing = covering.filter(
      ({ span, evidence }) =>
        evidence.negated === claim.negated &&
        qualifiersAgree(claim, evidence) &&
        sameNegation(
          sentences.filter(({ start, end }) => start >= span.start && end <= span.end),
          passage.text,
        ),
    )
    const best = agreeing.toSorted((left, right) => overlap(claim, right.evidence) - overlap(claim, left.evidence))[0]
    return best && { support: 'lexical', span: best.span }
  }
  return undefined
}

function covers(claim: Statement, evidence: Statement, context: Statement): boolean {
  return (
    claim.facts.every((fact) => evidence.facts.some((found) => factAgrees(fact, found))) &&
    [...claim.stems].every((stem) => evidence.stems.has(stem) || context.stems.has(stem)) &&
    overlap(claim, evidence) * 2 >= claim.stems.size
  )
}

function qualifiersAgree(claim: Statement, evidence: Statement): boolean {
  return (
    claim.qualifiers.isSubsetOf(evidence.qualifiers) &&
    [...evidence.qualifiers].every((qualifier) => !RESTRICTIONS.has(qualifier) || claim.qualifiers.has(qualifier))
  )
}

/** Where one sentence denies and its neighbour does not, nobody can tell which of them a mixture of both would follow. */
function sameNegation(sentences: readonly TextSpan[], text: string): boolean {
  return new Set(sentences.map(({ start, end }) => isNegated(text.slice(start, end)))).size === 1
}

function overlap(claim: Statement, evidence: Statement): number {
  return [...claim.stems].filter((stem) => evidence.stems.has(stem)).length
}

function windowsOf(sentences: readonly TextSpan[], size: number): TextSpan[] {
  return sentences
    .slice(0, sentences.length - size + 1)
    .map((first, index) => ({ start: first.start, end: sentences[index + size - 1]?.end ?? first.end }))
}

/** Sentences of each line; a line is a block, so no sentence crosses one. */
function sentencesOf(passage: Passage): readonly TextSpan[] {
  return [...passage.text.matchAll(/[^\n]+/gu)].flatMap((line) =>
    splitSentences(line[0], passage.language)
      .map(({ start, end }) => trimmedSpan(passage.text, line.index + start, line.index + end))
      .filter((span) => span.end > span.start),
  )
}

function trimmedSpan(text: string, start: number, end: number): TextSpan {
  const raw = text.slice(start, end)
  return { start: start + raw.length - raw.trimStart().length, end: end - (raw.length - raw.trimEnd().length) }
}
