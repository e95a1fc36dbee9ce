/** The same questions to the same documents with the state in SQLite and in PostgreSQL, in turn. Knows nothing of how either is asked. */
import { join } from 'node:path'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'
import { composeApplication } from '../../src/app/compose.ts'
import { foldAnswer } from '../../src/serving/fold-answer.ts'
import type { Application } from '../../src/app/application.ts'
import { copyState } from '../../src/foundation/storage/copy-state.ts'
import { startPostgres, type PostgresServer } from '../../test/fixtures/postgres-server.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'
import { findHandbook, HANDBOOK_PAGES, HANDBOOK_USER, handbookConfig } from '../real-handbook.ts'
import { cpuMs, questionsOf } from './handbook.ts'

const QUESTIONS = 200
const WARM_UP = 20
const VARIABLE = 'TOUCHSTONE_BENCH_DATABASE'

export const postgres: BenchSuite = {
  name: 'postgres',
  summary: `Answers and searches over ${HANDBOOK_PAGES} with the state in SQLite and in PostgreSQL (same machine, durable), question by question.`,
  async run({ root, folder, note }: Bench): Promise<readonly Measure[]> {
    const pages = findHandbook(root)
    if (pages === undefined) {
      note(`skipped: ${HANDBOOK_PAGES} is not there`)
      return []
    }
    const endings: (() => Promise<void>)[] = []
    try {
      const server = await startPostgres({ after: (work) => void endings.push(work) }, { durable: true })
      process.env[VARIABLE] = await server.createDatabase()
      const loaded = handbookConfig(pages)
      const store = { postgres: { url: { env: VARIABLE }, poolSize: 10 } }
      const dataDirectory = join(folder, 'state')
      const sqlite = await composeApplication(loaded, { dataDirectory, log: note })
      endings.push(() => sqlite.close())
      note('Ingesting.')
      const report = await sqlite.ingest({ signal: new AbortController().signal })
      const onPostgres = { ...loaded, config: { ...loaded.config, store } }
      const postgresql = await composeApplication(onPostgres, { dataDirectory, log: note })
      endings.push(() => postgresql.close())
      note('Copying the state.')
      const began = performance.now()
      await copyState(sqlite.foundation.state, postgresql.foundation.state, { replace: true })
      const copied = performance.now() - began
      note('Asking.')
      const asked = await askInTurn({ sqlite, postgresql }, questionsOf(pages, QUESTIONS + WARM_UP), server)
      return [...asked, { name: `state copy of ${report.chunks} chunks, verified`, unit: 's', samples: [copied / 1_000] }]
    } finally {
      for (const end of endings.toReversed()) await end()
    }
  },
}

interface Sides {
  readonly sqlite: Application
  readonly postgresql: Application
}

interface Samples {
  readonly wall: number[]
  readonly cpu: number[]
}

/** Which side begins changes with each question, so that neither always finds what the other has warmed. */
async function askInTurn(sides: Sides, questions: readonly string[], server: PostgresServer): Promise<Measure[]> {
  const samples = { sqlite: { wall: [], cpu: [] }, postgresql: { wall: [], cpu: [] } } as Record<keyof Sides, Samples>
  const ratios: number[] = []
  let before = 0
  for (const [index, question] of questions.entries()) {
    if (index === WARM_UP) before = await statementsOf(server)
    const order = (index % 2 === 0 ? ['sqlite', 'postgresql'] : ['postgresql', 'sqlite']) as (keyof Sides)[]
    const taken: Partial<Record<keyof Sides, number>> = {}
    for (const side of order) {
      const used = process.cpuUsage()
      const began = performance.now()
      await askOnce(sides[side], question)
      taken[side] = performance.now() - began
      if (index < WARM_UP) continue
      samples[side].wall.push(taken[side])
      samples[side].cpu.push(cpuMs(used))
    }
    if (index >= WARM_UP) ratios.push((taken.postgresql ?? 0) / (taken.sqlite ?? 1))
  }
  const statements = (await statementsOf(server)) - before
  return [
    { name: 'answer, SQLite', unit: 'ms', samples: samples.sqlite.wall },
    { name: 'answer, PostgreSQL', unit: 'ms', samples: samples.postgresql.wall },
    { name: 'answer, PostgreSQL by SQLite', unit: '×', samples: ratios, target: { of: 'median', below: 2 } },
    { name: 'answer, SQLite: CPU of all threads', unit: 'ms', samples: samples.sqlite.cpu },
    { name: 'answer, PostgreSQL: CPU of all threads', unit: 'ms', samples: samples.postgresql.cpu },
    { name: 'transactions of PostgreSQL for an answer, its trace included', unit: '×', samples: [statements / QUESTIONS] },
  ]
}

async function askOnce(application: Application, question: string): Promise<void> {
  const caller = { tenant: application.tenant, user: HANDBOOK_USER }
  await foldAnswer(application.answer({ caller, feature: 'answers', question, signal: AbortSignal.timeout(60_000) }))
}

/** The server tells its counts about a second later. */
async function statementsOf(server: PostgresServer): Promise<number> {
  await systemClock.sleep(1_500)
  const [row] = await server.query(`select xact_commit + xact_rollback as count from pg_stat_database where datname = 'state_1'`)
  return Number(row?.['count'] ?? 0)
}
