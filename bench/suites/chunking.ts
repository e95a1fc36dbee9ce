/** How documents are cut, by size and beside windows without structure: what answers, which page, at what cost. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadSpanQuestions } from '../chunking/span-evaluation.ts'
import { measureSpans, type Interval, type SpanMeasure } from '../chunking/measure-spans.ts'
import { judgedSets } from '../retrieval/judged-sets.data.ts'
import { measureSet } from '../retrieval/measure-set.ts'
import { pipelineSystem, type ChunkerSettings } from '../retrieval/pipeline-system.ts'
import { measureRow, type MeasuredRow } from '../retrieval/retrieval-report.ts'
import type { Bench, BenchReport, BenchSuite, Measure } from '../suite.ts'

const COLLECTIONS = '../shared/data/retrieval'
/** Words that a model is given; the second is what the default settings hand on. */
const BUDGETS = [500, 1_800]
const JUDGED = ['sourcegraph-handbook', 'contextual-codebase']

const bySection = (targetWords: number, maxWords: number): ChunkerSettings => ({ kind: 'heading-path', targetWords, maxWords })
const CHUNKERS: readonly (readonly [string, ChunkerSettings])[] = [
  ['sections, 50 words', bySection(50, 75)],
  ['sections, 100 words', bySection(100, 150)],
  ['sections, 150 words (default)', bySection(150, 220)],
  ['sections, 220 words', bySection(220, 320)],
  ['sections, 400 words', bySection(400, 580)],
  ['windows of 150 words', { kind: 'windows', words: 150 }],
  ['windows of 400 words', { kind: 'windows', words: 400 }],
]

interface ChunkerRow {
  readonly name: string
  readonly spans: SpanMeasure
}

export const chunking: BenchSuite = {
  name: 'chunking',
  summary: `How documents are cut, on collections of ${COLLECTIONS}: sizes of the product's chunker beside windows without structure.`,
  async run({ root, folder, note }: Bench): Promise<readonly Measure[] | BenchReport> {
    const collections = join(root, COLLECTIONS)
    const spans = join(collections, 'chunking-eval')
    if (!existsSync(spans)) {
      note(`skipped: ${COLLECTIONS}/chunking-eval is not there`)
      return []
    }
    const { documents, questions } = await loadSpanQuestions(spans)
    const rows: ChunkerRow[] = []
    for (const [place, [name, chunker]] of CHUNKERS.entries()) {
      const own = join(folder, `spans-${place}`)
      mkdirSync(own)
      rows.push({ name, spans: await measureSpans(documents, questions, { chunker, folder: own, budgets: BUDGETS }) })
      note(`  ${name}: ${rows.at(-1)?.spans.questions} questions`)
    }
    const systems = CHUNKERS.map(([name, chunker]) => pipelineSystem('shipped', { name, chunker }))
    const judged: MeasuredRow[] = []
    for (const set of judgedSets.filter(({ parts }) => parts.every(({ corpus }) => JUDGED.includes(corpus)))) {
      const measured = await measureSet(set, systems, { collections, scratch: join(folder, 'judged'), note })
      judged.push(...set.rows.map((row) => measureRow(row, measured, systems)))
    }
    return report(rows, judged)
  },
}

function report(rows: readonly ChunkerRow[], judged: readonly MeasuredRow[]): BenchReport {
  const spanColumns = BUDGETS.flatMap((budget) => [`answer in ${budget} words`, `overlap in ${budget} words`])
  const columns = ['chunks', ...spanColumns, ...judged.map(({ set, measure }) => `${set}, ${measure}`), 'count', 'MB', 'ms']
  return {
    columns,
    rows: rows.map(({ name, spans }) => [
      name,
      ...BUDGETS.flatMap((budget) => [show(spans.recall[budget]), show(spans.iou[budget])]),
      ...judged.map(({ systems }) => showEstimate(systems[name])),
      String(spans.chunks),
      spans.megabytes.toFixed(1),
      spans.medianMs.toFixed(1),
    ]),
    items: { spans: rows, judged },
    files: {},
  }
}

function show(interval: Interval | undefined): string {
  return interval === undefined ? '-' : showEstimate({ value: interval.mean, lower: interval.lower, upper: interval.upper })
}

function showEstimate(estimate: { value: number; lower: number; upper: number } | undefined): string {
  const digits = (value: number): string => value.toFixed(3).replace(/^0/, '')
  return estimate === undefined ? '-' : `${digits(estimate.value)} [${digits(estimate.lower)}, ${digits(estimate.upper)}]`
}
