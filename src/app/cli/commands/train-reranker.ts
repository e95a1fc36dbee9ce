/** `touchstone train reranker`: a ranking learned from judged questions, written with what it is worth on collections that it has not seen. */
import { writeFile } from 'node:fs/promises'
import { rivals, type RerankerReport } from '../../../lifecycle/ranking-training/reranker-report.ts'
import type { CommonOptions } from '../common-options.ts'
import { drawStep, interruptSignal } from '../open-application.ts'
import { terminal } from '../terminal.ts'
import { signed } from '../signed.ts'

export interface TrainRerankerOptions extends CommonOptions {
  readonly judgements: readonly string[]
  readonly test?: readonly string[]
  readonly out?: string
  readonly seed: number
  readonly feature: string
}

export async function trainRerankerCommand(options: TrainRerankerOptions): Promise<void> {
  const signal = interruptSignal()
  const { loadConfig } = await import('../../load-config.ts')
  const { trainRankingModel } = await import('../../reranker-training/train-ranking-model.ts')
  const { model, report } = await trainRankingModel(await loadConfig(options.config), {
    judgements: [...new Set(options.judgements)],
    test: [...new Set(options.test)],
    dataDirectory: options.data,
    feature: options.feature,
    seed: options.seed,
    onProgress: drawStep,
    log: (text) => terminal.note(text),
    signal,
  })
  terminal.endProgress()
  if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(model)}\n`)
  const { hash, features, pool } = model
  const written = options.out === undefined ? {} : { out: options.out }
  if (options.json === true) return terminal.printJson({ ...written, hash, features, pool, report })
  printReport(report)
  if (options.out !== undefined)
    terminal.print(
      `\nwrote ${options.out}: ${hash}. To use it, name learned:${options.out} under retrieval.rerankers of a feature.`,
    )
}

function printReport({ collections, margin, chosen, treesOverLinear }: RerankerReport): void {
  terminal.print(`nDCG@10 on collections that the model has not seen; gain over no reranker with its one-sided 95 % bound\n`)
  terminal.print(
    `${'collection'.padEnd(24)} ${'n'.padStart(5)}  ${rivals.map((rival) => rival.padStart(9)).join(' ')}   linear            trees`,
  )
  for (const { name, ndcg, gain } of collections) {
    const values = rivals.map((rival) => ndcg[rival].value.toFixed(4).padStart(9))
    const gains = [gain.linear, gain.trees].map(
      ({ value, lower, nonInferior }) => `${signed(value)} > ${signed(lower)} ${nonInferior ? ' ' : '!'}`,
    )
    terminal.print(`${name.padEnd(24)} ${String(ndcg.none.n).padStart(5)}  ${values.join(' ')}   ${gains.join('  ')}`)
  }
  terminal.print(`\n! may be worse than no reranker by more than ${margin}`)
  terminal.print(
    `trees over linear, each collection counting the same: ${signed(treesOverLinear.value)} > ${signed(treesOverLinear.lower)}`,
  )
  terminal.print(`chosen: ${chosen}`)
}
