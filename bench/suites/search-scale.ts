/** Search under permissions as the index grows: words and meaning, many scopes, a share of them readable, the engine's own time beside it. */
import { join } from 'node:path'
import { connect, MatchQuery } from '@lancedb/lancedb'
import { createLanceDbEngine } from '../../src/adapters/lancedb/lancedb-index.ts'
import type { Asker } from '../../src/contracts/asker.ts'
import type { DocumentIndex } from '../../src/contracts/document-index.ts'
import type { PassageFinder } from '../../src/contracts/retrieval.ts'
import { prepareAnalysis } from '../../src/foundation/text/analysis.ts'
import { summariseMeasure } from '../measure-summary.ts'
import { reportMeasures } from '../result-table.ts'
import { TENANT } from '../search-scale/folder-state.ts'
import { measurePermissionChange } from '../search-scale/permission-change.ts'
import { drawScale } from '../search-scale/scale-drawing.ts'
import { createScaledFinder } from '../search-scale/scaled-finder.ts'
import { DIMENSIONS, ScaledCorpus } from '../search-scale/scaled-corpus.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

/** `TOUCHSTONE_SCALE` names others, separated by commas. */
const SIZES = (process.env['TOUCHSTONE_SCALE'] ?? '10000,50000,200000').split(',').map(Number)
/** Every readable share, under few and under many scopes, at this size. */
const FULL_SIZE = 200_000
const FEW_SCOPES = 1_000
const MANY_SCOPES = 100_000
const SHARES = [0.001, 0.01, 0.03, 0.1, 0.5, 1]
const QUERIES = 100
/** So many that the words of texts are known and hits are held, as in a server that has run for a minute. */
const WARM_UP = 40
const RECALL_QUERIES = 5
const BATCH = 10_000

export const searchScale: BenchSuite = {
  name: 'search-scale',
  summary: `Search by words and meaning with permissions over generated chunks, under ${FEW_SCOPES} and ${MANY_SCOPES} scopes; TOUCHSTONE_SCALE names other sizes than ${SIZES.join(', ')}.`,
  async run(bench) {
    await prepareAnalysis(['en'])
    const measures: Measure[] = []
    for (const chunks of SIZES) {
      const full = chunks === FULL_SIZE
      for (const scopes of full ? [FEW_SCOPES, MANY_SCOPES] : [FEW_SCOPES])
        measures.push(...(await measureSize(bench, chunks, scopes, full ? SHARES : [1])))
    }
    const changes = await measurePermissionChange(bench, [FEW_SCOPES, MANY_SCOPES], fill, find)
    const summaries = [...measures, ...changes].map(summariseMeasure)
    const nameOf = (chunks: number): { index: string; search: string } => {
      const index = indexName(chunks, FEW_SCOPES)
      return { index, search: searchName(index, 1) }
    }
    return { ...reportMeasures(summaries), files: drawScale(summaries, SIZES, nameOf) }
  },
}

function indexName(chunks: number, scopes: number): string {
  return `${chunks} chunks, ${scopes} scopes`
}

function searchName(index: string, share: number): string {
  return `${index}, ${share * 100} % readable`
}

interface Scaled {
  readonly corpus: ScaledCorpus
  readonly index: DocumentIndex
  readonly definition: string
  readonly name: string
}

async function measureSize(bench: Bench, chunks: number, scopes: number, shares: readonly number[]): Promise<Measure[]> {
  const corpus = new ScaledCorpus(chunks, scopes)
  const name = indexName(chunks, scopes)
  const definition = `scale-${chunks}-${scopes}`
  const engine = createLanceDbEngine({ directory: join(bench.folder, 'index') })
  const index = await engine.open(TENANT, definition, { vectors: { dimensions: DIMENSIONS } })
  try {
    bench.note(`indexing ${name}`)
    const indexed = chunks / (await fill(index, corpus))
    const measures: Measure[] = [{ name: `${name}: indexed a second`, unit: '1/s', samples: [indexed] }]
    for (const share of shares) {
      bench.note(`searching ${name}, ${share * 100} % readable`)
      measures.push(...(await measureShare(bench, { corpus, index, definition, name }, scopes, share)))
    }
    return [...measures, { name: `${name}: resident memory`, unit: 'MB', samples: [process.memoryUsage.rss() / 1e6] }]
  } finally {
    await index.close()
    await engine.discard(TENANT, definition)
  }
}

/** A search, then what LanceDB takes by itself for the best hundred rows of one field: in turns, since the machine is shared. */
async function measureShare(
  { folder }: Bench,
  { corpus, index, definition, name }: Scaled,
  scopes: number,
  share: number,
): Promise<Measure[]> {
  const [finder, asker] = [createScaledFinder(index, corpus), askerOf(scopes, share)]
  const connection = await connect(join(folder, 'index', TENANT, definition))
  const table = await connection.openTable('chunks')
  const [search, alone, ratio]: [number[], number[], number[]] = [[], [], []]
  for (let number = 0; number < QUERIES + WARM_UP; number++) {
    const question = corpus.question(number)
    const own = await timeOf(() => find(finder, question, asker))
    const matches = table.query().fullTextSearch(new MatchQuery(question, 'body')).select(['id', '_score']).limit(100)
    const engines = await timeOf(() => matches.toArray())
    if (number < WARM_UP) continue
    search.push(own)
    alone.push(engines)
    ratio.push(own / engines)
  }
  table.close()
  connection.close()
  const within = { of: 'p95', below: corpus.chunks > 500_000 ? 150 : 50 } as const
  const at = searchName(name, share)
  return [
    { name: `${at}: search`, unit: 'ms', samples: search, target: within },
    { name: `${at}: the engine alone, one field, unfiltered`, unit: 'ms', samples: alone },
    { name: `${at}: search / the engine alone`, unit: '×', samples: ratio },
    { name: `${at}: recall@10 of vectors`, unit: 'of 1', samples: await recalls(index, corpus, asker), target: RECALL },
  ]
}

const RECALL = { of: 'median', above: 0.98 } as const

async function recalls(index: DocumentIndex, corpus: ScaledCorpus, { readable }: Asker): Promise<number[]> {
  const samples: number[] = []
  const filter = { scopes: readable.ids, scopesTotal: readable.total }
  for (let number = 0; number < RECALL_QUERIES; number++) {
    const question = corpus.questionVector(corpus.question(number))
    const exact = new Set(corpus.exactNeighbours(question, readable.ids.length, 10))
    const found = (await index.searchVectors?.(question, filter, 10)) ?? []
    samples.push(exact.size === 0 ? 1 : found.filter(({ id }) => exact.has(id)).length / exact.size)
  }
  return samples
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

async function find(finder: PassageFinder, text: string, asker: Asker): Promise<number> {
  const settings = {
    passages: 10,
    candidates: 60,
    documentWeight: 0.3,
    denseWeight: 0.5,
    rerankers: ['proximity'],
    queryRewriters: [],
  }
  const { passages } = await finder.find({ text, variants: [] }, asker, settings, new AbortController().signal)
  const readsAll = asker.readable.ids.length === asker.readable.total
  if (passages.length === 0 && readsAll) throw new Error(`"${text}" finds nothing`)
  return passages.length
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function askerOf(total: number, share: number): Asker {
  const ids = Int32Array.from({ length: Math.max(1, Math.round(total * share)) }, (_, scope) => scope)
  const readable = { ids, total, generation: 1 }
  return { tenant: TENANT, user: 'ann', principals: new Set(), principalsHash: 'ann', readable }
}
