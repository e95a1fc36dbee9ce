/** `touchstone eval retrieval`: the shipped retrieval, and variants of it, measured on a test collection. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FittedWeight } from '../../../foundation/statistics/fitted-weight.ts'
import type { RetrievalComparison } from '../../../lifecycle/evaluation/retrieval/compare-retrieval.ts'
import type { RetrievalEvaluation } from '../../../lifecycle/evaluation/retrieval/evaluate-retrieval.ts'
import { trecRunLines } from '../../../lifecycle/evaluation/retrieval/trec-run.ts'
import type { CollectionEvaluation } from '../../retrieval-evaluation/evaluate-collection.ts'
import type { CommonOptions } from '../common-options.ts'
import { drawStep, interruptSignal } from '../open-application.ts'
import { terminal } from '../terminal.ts'
import { signed } from '../signed.ts'

export interface EvalRetrievalOptions extends CommonOptions {
  readonly variant?: readonly string[]
  readonly run?: readonly string[]
  readonly runs?: string
  readonly perQuery?: string
  readonly fitDenseWeight?: boolean
  readonly feature: string
  readonly concurrency: number
}

export async function evaluateRetrievalCommand(directory: string, options: EvalRetrievalOptions): Promise<void> {
  const signal = interruptSignal()
  const { loadConfig } = await import('../../load-config.ts')
  const { evaluateCollection } = await import('../../retrieval-evaluation/evaluate-collection.ts')
  const { variant = [], run = [], feature, concurrency, data: dataDirectory } = options
  const evaluation = await evaluateCollection(directory, await loadConfig(options.config), {
    dataDirectory,
    variants: [...new Set(variant)],
    runs: [...new Set(run)],
    fitsDenseWeight: options.fitDenseWeight === true,
    feature,
    concurrency,
    signal,
    log: (text) => terminal.note(text),
    onProgress: drawStep,
  })
  terminal.endProgress()
  if (options.perQuery !== undefined) await writeLines(options.perQuery, perQueryLines(evaluation.items))
  if (options.runs !== undefined) await writeRuns(options.runs, evaluation.items)
  if (options.json === true) terminal.printJson(toDocument(evaluation))
  else printEvaluation(evaluation)
}

/** One item as itself, several as a list with their comparisons. */
function toDocument({ collection, documents, items, comparisons, denseWeight }: CollectionEvaluation): unknown {
  const fitted = denseWeight === undefined ? {} : { denseWeight }
  const printed = items.map(({ results: _results, ...report }) => ({
    ...report,
    collection: { name: collection.name, version: collection.corpusVersion, ...(documents === undefined ? {} : { documents }) },
  }))
  return printed.length === 1 ? { ...printed[0], ...fitted } : { items: printed, comparisons, ...fitted }
}

function* perQueryLines(items: readonly RetrievalEvaluation[]): Generator<string> {
  for (const { variant, results } of items)
    for (const { query, outcome, scores, error, durationMs } of results) {
      const line = { variant, query, outcome, ...scores, durationMs: Math.round(durationMs * 10) / 10, ...(error && { error }) }
      yield `${JSON.stringify(line)}\n`
    }
}

async function writeRuns(directory: string, items: readonly RetrievalEvaluation[]): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const { variant, results } of items) {
    const rankings = results.map(({ query, ranking }) => [query, ranking] as const)
    await writeLines(join(directory, `${variant.replace(/[^\w.-]+/g, '-')}.run`), trecRunLines(rankings, variant))
  }
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), createWriteStream(path))
}

function printEvaluation({ collection, documents, items, comparisons, denseWeight }: CollectionEvaluation): void {
  for (const { run, variant, cases, metrics, queries, qrels } of items) {
    const { planned, scored, failed, errored, unscored, skipped } = cases
    terminal.print(
      `run ${run}: ${terminal.style('bold', variant)} on ${collection.name} · ${planned} judged queries · ${scored} scored, ${failed} failed, ${errored} errored, ${unscored} unscored, ${skipped} skipped`,
    )
    if (queries.unjudged > 0) terminal.print(`  ${queries.unjudged} without a judged document left out`)
    if (queries.withoutRelevant > 0) terminal.print(`  ${queries.withoutRelevant} without a relevant document count 0`)
    if (qrels.absentDocuments > 0)
      terminal.print(`  ${qrels.absentDocuments} of ${qrels.judgements} judgements name documents that the corpus does not have`)
    if (qrels.absentQueries > 0) terminal.print(`  judgements of ${qrels.absentQueries} queries that are not there were left out`)
    terminal.print(`\n${'metric'.padEnd(12)} ${'value'.padStart(6)}   95 % interval      n`)
    for (const [name, { value, lower, upper, n }] of Object.entries(metrics))
      terminal.print(`${name.padEnd(12)} ${share(value)}   [${share(lower)}, ${share(upper)}]  ${String(n).padStart(5)}`)
    terminal.print('')
  }
  if (documents !== undefined && documents.empty + documents.failed > 0)
    terminal.print(`${documents.empty} of ${documents.total} documents are empty, ${documents.failed} could not be read\n`)
  if (comparisons.length > 0) printComparisons(comparisons)
  if (denseWeight !== undefined) printWeight(denseWeight)
}

function printWeight({ weight, isFitted, queries, gain }: FittedWeight): void {
  const found = isFitted
    ? `${weight.toFixed(2)} gains ${signed(gain)} ndcg@10 on queries left out of the fit; set retrieval.denseWeight of the feature`
    : `${weight.toFixed(2)}, the default: nothing better was found`
  terminal.print(`\ndenseWeight from ${queries} judged queries: ${found}`)
}

function printComparisons(comparisons: readonly RetrievalComparison[]): void {
  terminal.print(
    `difference to ${comparisons[0]?.baseline ?? ''}, with its 95 % interval and the p of the paired permutation test`,
  )
  for (const { variant, metric, difference, lower, upper, p } of comparisons)
    terminal.print(
      `${variant.padEnd(16)} ${metric.padEnd(12)} ${signed(difference)}   [${signed(lower)}, ${signed(upper)}]   p ${p.toFixed(4)}`,
    )
}

function share(value: number): string {
  return value.toFixed(4)
}
