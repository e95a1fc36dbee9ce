/** Search under permissions as the index grows: many scopes, a share of them readable, the engine's own time beside it. */
import { join } from 'node:path'
import { connect, MatchQuery } from '@lancedb/lancedb'
import { createLanceDbEngine } from '../../src/adapters/lancedb/lancedb-index.ts'
import type { DocumentIndex } from '../../src/contracts/document-index.ts'
import type { Asker } from '../../src/contracts/asker.ts'
import type { TenantId } from '../../src/contracts/identity.ts'
import type { PassageFinder } from '../../src/contracts/retrieval.ts'
import { prepareAnalysis } from '../../src/foundation/text/analysis.ts'
import { createScaledFinder } from '../search-scale/scaled-finder.ts'
import { ScaledCorpus } from '../search-scale/scaled-corpus.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

const MOST_CHUNKS = Number(process.env['TOUCHSTONE_SCALE'] ?? 200_000)
const SIZES = [10_000, 50_000, MOST_CHUNKS]
const FEW_SCOPES = 1_000
const MANY_SCOPES = 100_000
const SHARES = [0.001, 0.01, 0.03, 0.1, 0.5, 1]
const QUERIES = 100
const WARM_UP = 15
const BATCH = 10_000

export const searchScale: BenchSuite = {
  name: 'search-scale',
  summary: `Search with permissions over ${SIZES.join(', ')} generated chunks (TOUCHSTONE_SCALE=N for the last), under ${FEW_SCOPES} and ${MANY_SCOPES} scopes.`,
  async run(bench) {
    await prepareAnalysis(['en'])
    const measures: Measure[] = []
    for (const chunks of SIZES) {
      const full = chunks === MOST_CHUNKS
      for (const scopes of full ? [FEW_SCOPES, MANY_SCOPES] : [FEW_SCOPES])
        measures.push(...(await measureSize(bench, chunks, scopes, full ? SHARES : [1])))
    }
    return measures
  },
}

async function measureSize(bench: Bench, chunks: number, scopes: number, shares: readonly number[]): Promise<Measure[]> {
  const corpus = new ScaledCorpus(chunks, scopes)
  const name = `${chunks} chunks, ${scopes} scopes`
  const definition = `scale-${chunks}-${scopes}`
  const index = await createLanceDbEngine({ directory: join(bench.folder, 'index') }).open('main', definition)
  try {
    bench.note(`indexing ${name}`)
    const seconds = await fill(index, corpus)
    const measures: Measure[] = [
      { name: `${name}: indexed a second`, unit: '1/s', samples: [chunks / seconds] },
      { name: `${name}: resident memory`, unit: 'MB', samples: [process.memoryUsage.rss() / 1e6] },
      { name: `${name}: the engine alone, body, unfiltered`, unit: 'ms', samples: await engineTimes(bench, definition, corpus) },
    ]
    const finder = createScaledFinder(index, corpus)
    for (const share of shares) {
      const asker = askerOf(scopes, share)
      const samples = await timed(corpus, (question) => find(finder, question, asker))
      const within = { of: 'p95', below: chunks > 500_000 ? 150 : 50 } as const
      measures.push({ name: `${name}: search, ${share * 100} % readable`, unit: 'ms', samples, target: within })
    }
    return measures
  } finally {
    await index.close()
  }
}

async function fill(index: DocumentIndex, corpus: ScaledCorpus): Promise<number> {
  const began = performance.now()
  for (let start = 0; start < corpus.chunks; start += BATCH) {
    const { chunks, documents } = corpus.records(start, Math.min(corpus.chunks, start + BATCH))
    await index.upsert('chunks', chunks)
    await index.upsert('documents', documents)
  }
  await index.optimise()
  return (performance.now() - began) / 1000
}

/** What LanceDB takes by itself for the best hundred rows of one field. */
async function engineTimes({ folder }: Bench, definition: string, corpus: ScaledCorpus): Promise<number[]> {
  const connection = await connect(join(folder, 'index', 'main', definition))
  const table = await connection.openTable('chunks')
  const query = (question: string): Promise<unknown> =>
    table.query().fullTextSearch(new MatchQuery(question, 'body')).select(['id', '_score']).limit(100).toArray()
  const samples = await timed(corpus, query)
  table.close()
  connection.close()
  return samples
}

async function find(finder: PassageFinder, text: string, asker: Asker): Promise<void> {
  const settings = {
    passages: 10,
    candidates: 60,
    documentWeight: 0.3,
    denseWeight: 0,
    rerankers: ['proximity'],
    queryRewriters: [],
  }
  const { passages } = await finder.find({ text, variants: [] }, asker, settings, new AbortController().signal)
  const readsAll = asker.readable.ids.length === asker.readable.total
  if (passages.length === 0 && readsAll) throw new Error(`"${text}" finds nothing`)
}

async function timed(corpus: ScaledCorpus, work: (question: string) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = []
  for (let number = 0; number < QUERIES + WARM_UP; number++) {
    const question = corpus.question(number)
    const began = performance.now()
    await work(question)
    if (number >= WARM_UP) samples.push(performance.now() - began)
  }
  return samples
}

function askerOf(total: number, share: number): Asker {
  const ids = Int32Array.from({ length: Math.max(1, Math.round(total * share)) }, (_, scope) => scope)
  const readable = { ids, total, generation: 1 }
  return { tenant: 'main' as TenantId, user: 'ann', principals: new Set(), principalsHash: 'ann', readable }
}
