/** Cases that are nearly the same, and cases that stand in texts a system has seen. Knows what is asked; knows nothing of files. */
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { canonicalJson } from '../../../foundation/hashing/content-hash.ts'
import { groupSimilar } from '../../../foundation/text/similar-texts.ts'
import { sketchWords, textRuns } from '../../../foundation/text/text-sketch.ts'
import { foldText } from '../../../foundation/text/unicode.ts'

export interface SimilarCases {
  readonly cases: readonly string[]
  /** They also expect the same: then all but one add nothing. Otherwise one of them may be wrong. */
  readonly expectSame: boolean
}

/** Of the runs of five characters of two questions, the share that both have. One word in eight may differ. */
const NEARLY_ASKED = 0.6

/**
 * Groups of cases in which the same person asks nearly the same after nearly the same. The same question of several people is no
 * duplicate: their rights differ. Questions are short, so that runs of characters are compared, not of words.
 */
export function findSimilarCases(cases: readonly EvaluationCase[]): readonly SimilarCases[] {
  const byAsker = Map.groupBy(cases, ({ as }) => as)
  return [...byAsker.values()].flatMap((own) => {
    const sketched = own.map((testCase) => ({ testCase, sketch: sketchWords(triplesOf(foldText(askedText(testCase)))) }))
    return groupSimilar(sketched, NEARLY_ASKED).map((group) => ({
      cases: group.map(({ testCase }) => testCase.id),
      expectSame: new Set(group.map(({ testCase }) => expectationOf(testCase))).size === 1,
    }))
  })
}

export interface KnownText {
  /** Where it stands, for whoever looks. */
  readonly name: string
  readonly text: string
}

export interface Contamination {
  readonly case: string
  readonly text: string
  /** Of the question's runs of three words that the text holds, in [0, 1]. */
  readonly share: number
}

const CONTAINED = 0.8
/** Five words: shorter questions stand in many texts. */
const FEWEST_RUNS = 3

/**
 * Cases whose question stands, in four fifths of its runs of three words, in a prompt, an example or a document: a system that has
 * seen the question may know the answer without being able to find it.
 */
export async function findContamination(
  cases: readonly EvaluationCase[],
  texts: AsyncIterable<KnownText> | Iterable<KnownText>,
): Promise<readonly Contamination[]> {
  const asked = cases.map((testCase) => ({ id: testCase.id, runs: textRuns(lastAsked(testCase)) }))
  const byRun = new Map<number, number[]>()
  for (const [at, { runs }] of asked.entries())
    if (runs.size >= FEWEST_RUNS) for (const run of runs) byRun.set(run, [...(byRun.get(run) ?? []), at])
  const found: Contamination[] = []
  for await (const { name, text } of texts) {
    const counts = new Map<number, number>()
    for (const run of textRuns(text)) for (const at of byRun.get(run) ?? []) counts.set(at, (counts.get(at) ?? 0) + 1)
    for (const [at, count] of counts) {
      const { id, runs } = asked[at] ?? { id: '', runs: new Set() }
      if (count >= CONTAINED * runs.size) found.push({ case: id, text: name, share: count / runs.size })
    }
  }
  return found
}

/** Each character with the two that follow: three of them in a row are a run of five, which stands in few questions. */
function triplesOf(text: string): readonly string[] {
  const characters = [...text.padEnd(3)]
  return characters.slice(2).map((last, at) => `${characters[at]}${characters[at + 1]}${last}`)
}

function askedText(testCase: EvaluationCase): string {
  return [...testCase.history, lastAsked(testCase)].join('\n')
}

function lastAsked({ question, vars }: EvaluationCase): string {
  const texts = Object.values(vars ?? {}).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  return [question, ...texts].join('\n').trim()
}

function expectationOf({ expect, expected, checks, never }: EvaluationCase): string {
  return canonicalJson([expect, expected, checks, never])
}
