/** Ingest, search and extractive answers over a real handbook of 883 Markdown pages, one request at a time, inside one process. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Application } from '../../src/app/application.ts'
import { composeApplication } from '../../src/app/compose.ts'
import { foldAnswer } from '../../src/serving/fold-answer.ts'
import { findHandbook, HANDBOOK_PAGES, HANDBOOK_USER, handbookConfig } from '../real-handbook.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'

/** Of each kind; a question is put once, to search or for an answer, so that nothing was seen before. */
const QUESTIONS = 240
/** Let the compiler and the caches of the engine settle. */
const WARM_UP = 20
const WORDINGS: readonly ((subject: string) => string)[] = [
  (subject) => subject,
  (subject) => `What is ${subject}?`,
  (subject) => `How do we handle ${subject}?`,
  (subject) => `Who is responsible for ${subject}?`,
]

export const handbook: BenchSuite = {
  name: 'handbook',
  summary: `Ingest of ${HANDBOOK_PAGES}, then ${QUESTIONS} searches and ${QUESTIONS} extractive answers, in turn.`,
  async run({ root, folder, note }: Bench): Promise<readonly Measure[]> {
    const pages = findHandbook(root)
    if (pages === undefined) {
      note(`skipped: ${HANDBOOK_PAGES} is not there`)
      return []
    }
    const application = await composeApplication(handbookConfig(pages), { dataDirectory: join(folder, 'state'), log: note })
    try {
      note('Ingesting.')
      const report = await application.ingest({ signal: new AbortController().signal })
      const questions = questionsOf(pages, 2 * (QUESTIONS + WARM_UP))
      note('Searching.')
      const searches = await measureSearches(application, questions.slice(0, questions.length / 2))
      note('Answering.')
      const answers = await measureAnswers(application, questions.slice(questions.length / 2))
      return [
        { name: 'ingest: pages', unit: '1/s', samples: [report.documents.added / report.seconds] },
        { name: 'ingest: chunks', unit: '1/s', samples: [report.chunks / report.seconds] },
        { name: 'ingest: all', unit: 's', samples: [report.seconds] },
        ...searches,
        ...answers,
      ]
    } finally {
      await application.close()
    }
  },
}

/** Titles and headings, evenly spread over the pages, in four wordings. Deterministic. */
export function questionsOf(pages: string, count: number): readonly string[] {
  const subjects = globSync('**/*.md', { cwd: pages })
    .sort()
    .flatMap((path) => {
      const headings = readFileSync(join(pages, path), 'utf8').matchAll(/^#{1,4} +([^\n#]{4,80})$/gm)
      return [basename(path, '.md').replace(/[-_]+/g, ' '), ...Array.from(headings, (match) => plainText(match[1] ?? ''))]
    })
    .filter((subject) => /\p{L}{3}/u.test(subject))
  const distinct = [...new Set(subjects)]
  // Halves must be alike, so that neighbours go to different ones.
  const spread = Array.from({ length: count }, (_, index) => distinct[Math.floor((index * distinct.length) / count)] ?? '')
  const worded = spread.map((subject, index) => WORDINGS[Math.floor(index / 2) % WORDINGS.length]?.(subject) ?? subject)
  return [...worded.filter((_, index) => index % 2 === 0), ...worded.filter((_, index) => index % 2 === 1)]
}

function plainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)|\{[^}]*\}/g, '$1')
    .replace(/[*_`]/g, '')
    .trim()
}

const FEATURE = 'answers'

async function measureSearches(application: Application, questions: readonly string[]): Promise<Measure[]> {
  const caller = { tenant: application.tenant, user: HANDBOOK_USER }
  const samples: number[] = []
  const cpu: number[] = []
  const ids: string[] = []
  for (const query of questions) {
    const used = process.cpuUsage()
    const began = performance.now()
    const { id } = await application.search({ caller, feature: FEATURE, query, limit: 10, signal: AbortSignal.timeout(60_000) })
    samples.push(performance.now() - began)
    cpu.push(cpuMs(used))
    ids.push(id)
  }
  const traces = await application.traces('administrator', questions.length)
  const measured = new Set(ids.slice(WARM_UP))
  const spans = traces.filter((trace) => measured.has(trace.id)).flatMap((trace) => trace.spans)
  const target = { of: 'p95', below: 15 } as const
  return [
    { name: 'search', unit: 'ms', samples: samples.slice(WARM_UP), target },
    { name: 'search: CPU of all threads', unit: 'ms', samples: cpu.slice(WARM_UP) },
    ...stagesOf(
      'search',
      spans.map(({ name, durationMs }) => [name, durationMs] as const),
    ),
  ]
}

async function measureAnswers(application: Application, questions: readonly string[]): Promise<Measure[]> {
  const caller = { tenant: application.tenant, user: HANDBOOK_USER }
  const samples: number[] = []
  const cpu: number[] = []
  const stages: (readonly [string, number])[] = []
  for (const [index, question] of questions.entries()) {
    const used = process.cpuUsage()
    const began = performance.now()
    const events = application.answer({ caller, feature: FEATURE, question, signal: AbortSignal.timeout(60_000) })
    const { timingsMs } = await foldAnswer(events)
    if (index < WARM_UP) continue
    samples.push(performance.now() - began)
    cpu.push(cpuMs(used))
    stages.push(...Object.entries(timingsMs).filter(([stage]) => stage !== 'total'))
  }
  return [{ name: 'answer', unit: 'ms', samples, target: { of: 'p95', below: 60 } }, ...stagesOf('answer', stages)]
}

/** Says more than the wall clock where others work on the same cores. */
export function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}

/** Stages that never take a millisecond explain nothing. */
function stagesOf(kind: string, timings: readonly (readonly [stage: string, ms: number])[]): Measure[] {
  return Object.entries(Object.groupBy(timings, ([stage]) => stage))
    .map(([stage, found = []]): Measure => ({ name: `${kind}: ${stage}`, unit: 'ms', samples: found.map(([, ms]) => ms) }))
    .filter(({ samples }) => Math.max(...samples) >= 1)
}
