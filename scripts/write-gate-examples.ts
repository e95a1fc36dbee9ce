/** `npm run gate:examples`: one report for each verdict, from made-up runs, to docs/gate-reports. The same runs give the same bytes. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordedRun, RunRecord } from '../src/contracts/recorded-run.ts'
import { createSeededRandom } from '../src/foundation/statistics/seeded-random.ts'
import { makeEvidence } from '../src/lifecycle/gate/evidence/evidence-bundle.ts'
import { defaultPolicy } from '../src/lifecycle/gate/gate-policy.ts'

/** Of so many cases, which the candidate answers otherwise than the baseline. */
interface Example {
  readonly cases: number
  readonly worse: number
  readonly better: number
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  pass: { cases: 1_000, worse: 18, better: 24 },
  'pass-flagged': { cases: 2_000, worse: 48, better: 24 },
  block: { cases: 500, worse: 36, better: 8 },
  inconclusive: { cases: 120, worse: 7, better: 4 },
}

const FOLDER = join(import.meta.dirname, '../docs/gate-reports')

mkdirSync(FOLDER, { recursive: true })
for (const [name, example] of Object.entries(EXAMPLES)) {
  const { report, files } = makeEvidence({ ...makeRuns(example), policy: defaultPolicy, today: '2026-11-23' })
  for (const file of ['report.md', 'report.html', 'junit.xml'])
    writeFileSync(join(FOLDER, `${name}.${file.split('.')[1] ?? ''}`), files.get(file) ?? '')
  process.stdout.write(`${name}: ${report.verdict}, ${report.next.text}\n`)
}

function makeRuns({ cases, worse, better }: Example): { readonly baseline: RecordedRun; readonly candidate: RecordedRun } {
  const random = createSeededRandom(1)
  const right = Array.from({ length: cases }, () => random.integer(100) < 85)
  const changed = (from: boolean, count: number): Set<number> => {
    const places = [...right.keys()].filter((place) => right[place] === from)
    return new Set(Array.from({ length: count }, () => places.splice(random.integer(places.length), 1)[0] ?? 0))
  }
  const [lost, won] = [changed(true, worse), changed(false, better)]
  const runOf = (run: string, isRight: (place: number) => boolean): RecordedRun => ({
    format: 'touchstone/1',
    run,
    target: `feature:answers@${run}`,
    meanings: { leaked: { better: 'lower', mustNever: true } },
    planned: cases,
    records: right.map((_, place) => recordOf(place, isRight(place))),
    unsupported: [],
  })
  return {
    baseline: runOf('live', (place) => right[place] === true),
    candidate: runOf('candidate', (place) => won.has(place) || (right[place] === true && !lost.has(place))),
  }
}

function recordOf(place: number, isRight: boolean): RunRecord {
  return {
    case: `question-${String(place + 1).padStart(4, '0')}`,
    repeat: 0,
    outcome: 'scored',
    scores: { correct: isRight ? 1 : 0, leaked: 0 },
    slice: { language: ['en', 'en', 'de', 'es'][place % 4] ?? 'en' },
    output: isRight ? 'You may spend 45 EUR on dinner.' : 'You may spend 54 EUR on dinner.',
  }
}
