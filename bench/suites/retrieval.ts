/** Retrieval quality on judged collections, the shipped pipeline beside search engines that a team could install today. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { judgedSets } from '../retrieval/judged-sets.data.ts'
import { measureSet } from '../retrieval/measure-set.ts'
import { lanceDbFullText, miniSearch } from '../retrieval/peers.ts'
import { pipelineSystem } from '../retrieval/pipeline-system.ts'
import type { RankingSystem } from '../retrieval/ranking-system.ts'
import { describeEstimates, measureRow, reportRetrieval, type MeasuredRow } from '../retrieval/retrieval-report.ts'
import type { Bench, BenchReport, BenchSuite, Measure } from '../suite.ts'

const COLLECTIONS = '../shared/data/retrieval'
const systems: readonly RankingSystem[] = [pipelineSystem('shipped'), lanceDbFullText, miniSearch]

export const retrieval: BenchSuite = {
  name: 'retrieval',
  summary: `Judged collections of ${COLLECTIONS}: the shipped pipeline beside LanceDB FTS and MiniSearch, with 95 % intervals.`,
  async run({ root, folder, note }: Bench): Promise<readonly Measure[] | BenchReport> {
    const collections = join(root, COLLECTIONS)
    const rows: MeasuredRow[] = []
    for (const [place, set] of judgedSets.entries()) {
      const missing = set.parts.find(({ corpus }) => !existsSync(join(collections, corpus)))
      if (missing !== undefined) {
        note(`skipped: ${COLLECTIONS}/${missing.corpus} is not there`)
        continue
      }
      note(set.rows.map(({ name }) => name).join(', '))
      const measured = await measureSet(set, systems, { collections, scratch: join(folder, String(place)), note })
      const found = set.rows.map((row) => measureRow(row, measured, systems))
      for (const { set: name, systems: estimates } of found) note(`  ${name}: ${describeEstimates(estimates)}`)
      rows.push(...found)
    }
    return rows.length === 0 ? [] : reportRetrieval(rows, systems)
  },
}
