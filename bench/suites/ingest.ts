/** Ingest of more than 50,000 chunks with the memory that it takes, and PDF pages through the parser processes. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { composeApplication } from '../../src/app/compose.ts'
import { configSchema } from '../../src/app/config.ts'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'
import { createParserPool } from '../../src/knowledge/ingestion/parsers/parser-pool.ts'
import { cpuSeconds } from '../process-cpu.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

const PAGES = '../shared/data/handbook/content'
const COPIES = 6
const MEMORY_STEPS = 5
const PDFS = '../shared/data/documents'
/** The files have 2 to 25 pages; a process that has just started is not what is measured. */
const PDF_ROUNDS = 4
const CORES = 2

export const ingest: BenchSuite = {
  name: 'ingest',
  summary: `Ingest of ${PAGES} ${COPIES} times over, each copy worded differently, and parsing of the PDF files in ${PDFS}.`,
  async run({ root, folder, note }: Bench): Promise<readonly Measure[]> {
    if (!existsSync(join(root, PAGES)) || !existsSync(join(root, PDFS))) {
      note(`skipped: ${PAGES} or ${PDFS} is not there`)
      return []
    }
    const pages = join(folder, 'pages')
    copyPages(join(root, PAGES), pages)
    note('Ingesting.')
    const ingested = await measureIngest(pages, join(folder, 'state'), note)
    note('Parsing PDF files.')
    return [...ingested, ...(await measurePdf(join(root, PDFS)))]
  },
}

function copyPages(from: string, to: string): void {
  for (const path of globSync('**/*.md', { cwd: from })) {
    const text = readFileSync(join(from, path), 'utf8')
    for (let copy = 1; copy <= COPIES; copy++) {
      const target = join(to, `copy-${copy}`, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, `${text}\n\nThis is copy ${copy} of ${basename(path)}.\n`)
    }
  }
}

async function measureIngest(pages: string, dataDirectory: string, log: (text: string) => void): Promise<readonly Measure[]> {
  const source = { kind: 'folder', path: pages, access: [{ path: '**', readers: ['everyone'] }] }
  const config = configSchema.parse({ sources: { handbook: source } })
  const loaded = { path: '', baseDirectory: pages, config, users: [], groups: [] }
  const application = await composeApplication(loaded, { dataDirectory, log })
  const memory: number[] = []
  const cpuBefore = cpuSeconds()
  const report = await application
    .ingest({
      signal: new AbortController().signal,
      onProgress: ({ done, total }) => {
        if (total > 1 && done >= (total * (memory.length + 1)) / MEMORY_STEPS) memory.push(process.memoryUsage.rss() / 1e6)
      },
    })
    .finally(() => application.close())
  const cpu = cpuSeconds() - cpuBefore
  const perSecond = { name: `ingest: ${report.chunks} chunks`, unit: '1/s', samples: [report.chunks / report.seconds] } as const
  return [
    { ...perSecond, target: { of: 'median', above: 2_000 } },
    { name: `ingest: chunks, were ${CORES} cores its own`, unit: '1/s', samples: [(report.chunks * CORES) / cpu] },
    { name: 'ingest: CPU of all processes', unit: 's', samples: [cpu] },
    ...memory.map((megabytes, step): Measure => ({
      name: `ingest: resident memory at ${((step + 1) * 100) / MEMORY_STEPS} %`,
      unit: 'MB',
      samples: [megabytes],
    })),
  ]
}

async function measurePdf(folder: string): Promise<readonly Measure[]> {
  const { limits, parserProcesses, parserTimeoutMs: timeoutMs, parserMemoryMb: memoryMb } = configSchema.parse({}).ingestion
  const pool = createParserPool({ size: parserProcesses, timeoutMs, memoryMb, limits, clock: systemClock })
  const files = globSync('**/*.pdf', { cwd: folder }).sort()
  const parseAll = async (): Promise<number> => {
    const counts = files.map(async (path) => {
      const parsed = await pool
        .parse(path, readFileSync(join(folder, path)), AbortSignal.timeout(60_000))
        .catch((error: unknown) => {
          // Encrypted, broken or scanned: some of these files are there to be refused.
          if (isTouchstoneError(error)) return undefined
          throw error
        })
      return Math.max(
        0,
        ...(parsed?.blocks ?? []).map(({ place }) => (place !== undefined && 'page' in place ? (place.page ?? 0) : 0)),
      )
    })
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }
  try {
    const samples: number[] = []
    await parseAll()
    for (let round = 0; round < PDF_ROUNDS; round++) {
      const began = performance.now()
      samples.push(((await parseAll()) * 1_000) / (performance.now() - began))
    }
    return [{ name: 'PDF: pages', unit: '1/s', samples, target: { of: 'median', above: 50 } }]
  } finally {
    await pool.close()
  }
}
