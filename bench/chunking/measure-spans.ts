/** One way of cutting documents, measured by the spans that answer questions. Knows the product's pipeline; knows no report. */
import type { DocumentVersion } from '../../src/contracts/identity.ts'
import { bootstrapMeanInterval } from '../../src/foundation/statistics/bootstrap.ts'
import { quantile } from '../../src/foundation/statistics/quantile.ts'
import type { OpenCollection } from '../../src/app/retrieval-evaluation/open-collection.ts'
import type { CollectionDocument } from '../../src/lifecycle/evaluation/retrieval/judged-collection.ts'
import { defaultConfig, openPipeline, type ChunkerSettings } from '../retrieval/pipeline-system.ts'
import { scoreSpans, type FoundSpan, type SpanQuestion } from './span-evaluation.ts'

export type Interval = ReturnType<typeof bootstrapMeanInterval>

export interface SpanMeasure {
  /** By the budget in words. */
  readonly recall: Readonly<Record<number, Interval>>
  readonly iou: Readonly<Record<number, Interval>>
  readonly chunks: number
  readonly megabytes: number
  readonly medianMs: number
  /** Questions whose answers stand in the stored texts. */
  readonly questions: number
}

const FEATURE = 'answers'
/** Enough of the smallest chunks to fill the largest budget. */
const PASSAGES = 50

export async function measureSpans(
  documents: readonly CollectionDocument[],
  questions: readonly SpanQuestion[],
  {
    chunker,
    folder,
    budgets,
  }: { readonly chunker: ChunkerSettings; readonly folder: string; readonly budgets: readonly number[] },
): Promise<SpanMeasure> {
  const loaded = defaultConfig(folder, { chunker })
  const settings = { ...loaded.config.features[FEATURE]!.retrieval, passages: PASSAGES }
  const opened = await openPipeline(documents, folder, loaded)
  try {
    const texts = await storedTexts(opened)
    const scores = new Map(budgets.map((budget) => [budget, { recall: [] as number[], iou: [] as number[] }]))
    const times: number[] = []
    for (const question of questions) {
      const answers = locate(question, texts)
      if (answers.length === 0) continue
      const began = performance.now()
      const found = await search(question.text, settings, opened)
      times.push(performance.now() - began)
      for (const [budget, { recall, iou }] of scores) {
        const score = scoreSpans(answers, found, budget)
        recall.push(score.recall)
        iou.push(score.iou)
      }
    }
    const { records, sizeBytes } = await opened.knowledge.index.stats()
    const intervals = (of: 'recall' | 'iou'): Readonly<Record<number, Interval>> =>
      Object.fromEntries([...scores].map(([budget, score]) => [budget, bootstrapMeanInterval(score[of])]))
    return {
      recall: intervals('recall'),
      iou: intervals('iou'),
      chunks: records.chunks,
      megabytes: sizeBytes / 1e6,
      medianMs: quantile(
        times.toSorted((a, b) => a - b),
        0.5,
      ),
      questions: times.length,
    }
  } finally {
    await opened.close()
  }
}

async function search(
  text: string,
  settings: Parameters<OpenCollection['knowledge']['passages']['find']>[2],
  { foundation, knowledge, caller, idOf }: OpenCollection,
): Promise<readonly FoundSpan[]> {
  const asker = await foundation.access.authorise(caller)
  const { passages } = await knowledge.passages.find({ text, variants: [] }, asker, settings, new AbortController().signal)
  return passages.map((passage) => ({ ...passage, corpus: idOf.get(passage.document) ?? '' }))
}

/** By the collection's ids. */
async function storedTexts({ foundation, idOf }: OpenCollection): Promise<ReadonlyMap<string, string>> {
  const rows = await foundation.state.selectFrom('documents').select(['id', 'version']).execute()
  const versions = new Map(rows.map(({ id, version }) => [id, version as DocumentVersion]))
  const texts = [...idOf].map(async ([id, name]) => {
    const version = versions.get(id)
    return [name, (version && (await foundation.documents.versionText(foundation.tenant, id, version))) ?? ''] as const
  })
  return new Map(await Promise.all(texts))
}

/** Where the stored text has the answers: reading trims and normalises, so that positions in the file are near, not equal. */
function locate({ corpus, references }: SpanQuestion, texts: ReadonlyMap<string, string>): readonly FoundSpan[] {
  const text = texts.get(corpus) ?? ''
  return references.flatMap(({ content, start: hint }) => {
    const trimmed = content.trim()
    const near = text.indexOf(trimmed, Math.max(0, hint - NEAR))
    const start = near === -1 ? text.indexOf(trimmed) : near
    return start === -1 ? [] : [{ corpus, start, end: start + trimmed.length, text: trimmed }]
  })
}

const NEAR = 2_000
