/** How much of what answers a question a chunker brings into a budget of words. Knows spans of characters; knows no chunker. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { countWords } from '../../src/foundation/text/segmentation.ts'
import type { CollectionDocument } from '../../src/lifecycle/evaluation/retrieval/judged-collection.ts'

const questionSchema = z.object({
  _id: z.string(),
  text: z.string(),
  corpus_id: z.string(),
  references: z.array(z.object({ content: z.string(), start_index: z.number() })).min(1),
})

export interface SpanQuestion {
  readonly text: string
  readonly corpus: string
  /** Texts that answer it, and where they begin in the file. */
  readonly references: readonly { readonly content: string; readonly start: number }[]
}

/** @param folder with `questions.jsonl` and `corpora/NAME.md`, as Chroma's chunking evaluation has them */
export async function loadSpanQuestions(
  folder: string,
): Promise<{ readonly documents: readonly CollectionDocument[]; readonly questions: readonly SpanQuestion[] }> {
  const lines = (await readFile(join(folder, 'questions.jsonl'), 'utf8')).split('\n').filter((line) => line !== '')
  const questions = lines.map((line) => {
    const { text, corpus_id: corpus, references } = questionSchema.parse(JSON.parse(line))
    return { text, corpus, references: references.map(({ content, start_index: start }) => ({ content, start })) }
  })
  const names = [...new Set(questions.map(({ corpus }) => corpus))].sort()
  const documents = await Promise.all(
    names.map(async (id) => ({ id, title: '', text: await readFile(join(folder, 'corpora', `${id}.md`), 'utf8'), metadata: {} })),
  )
  return { documents, questions }
}

export interface FoundSpan {
  readonly corpus: string
  /** In the stored text of the document. */
  readonly start: number
  readonly end: number
  readonly text: string
}

export interface SpanScores {
  /** Share of the characters that answer which are among the found ones. */
  readonly recall: number
  /** Of both together: intersection over union. */
  readonly iou: number
}

/**
 * @param found by rank; as many count as fit into the budget, the first always
 * Source: Smith and Troynikov 2024, "Evaluating chunking strategies for retrieval", with a budget of words in place of k chunks,
 * since a model is given words, and k large chunks are more of them.
 */
export function scoreSpans(answers: readonly FoundSpan[], found: readonly FoundSpan[], budget: number): SpanScores {
  const within: FoundSpan[] = []
  let words = 0
  for (const span of found) {
    words += countWords(span.text, 'en')
    if (within.length > 0 && words > budget) break
    within.push(span)
  }
  const [wanted, shown] = [coverage(answers), coverage(within)]
  const either = coverage([...answers, ...within])
  const both = wanted + shown - either
  return { recall: both / wanted, iou: both / either }
}

/** Characters in at least one of the spans. */
function coverage(spans: readonly FoundSpan[]): number {
  const ends = new Map<string, number>()
  let covered = 0
  for (const { corpus, start, end } of spans.toSorted((left, right) => left.start - right.start)) {
    const upTo = Math.max(start, ends.get(corpus) ?? 0)
    covered += Math.max(0, end - upTo)
    ends.set(corpus, Math.max(end, upTo))
  }
  return covered
}
