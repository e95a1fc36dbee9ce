/** How often the gate errs, beside common rules; one metric by enumeration, the whole verdict by simulation; and a large gate. */
import { join } from 'node:path'
import { runChild } from '../child-run.ts'
import { commonRules } from '../evaluation/gate-rules.ts'
import {
  exactRow,
  MARGIN,
  ONE_METRIC,
  simulateVerdicts,
  WHOLE_POLICY,
  type ExactRow,
  type SimulatedRow,
} from '../evaluation/operating-characteristic.ts'
import { coverageMeasures, quotaRun, smallRun, type FurtherMeasure } from '../evaluation/further-measures.ts'
import { drawRules } from '../evaluation/rule-drawing.ts'
import type { Bench, BenchReport, BenchSuite } from '../suite.ts'

const SIZES = [50, 100, 200, 500, 1_000]
const DISCORDANCES = [0.05, 0.1, 0.2]
const WHOLE_SIZES = [50, 200, 500, 1_000]
const RELEASES = 500
/** One metric takes less time than the whole verdict. */
const RELEASES_OF_ONE = 1_000
const LARGE = 100_000
const RIVALS = Object.keys(commonRules)
const COLUMNS = ['question', 'n', 'discordance', 'gate', 'best possible', ...RIVALS, 'target'] as const

interface LargeGate {
  readonly verdict: string
  readonly seconds: number
  readonly cpuSeconds: number
  readonly megabytes: number
}

export const evaluation: BenchSuite = {
  name: 'evaluation',
  summary: `Error rates of the release gate (alpha .05, margin ${MARGIN}) and of common rules, baseline rate .88.`,
  async run({ root, folder, note }: Bench): Promise<BenchReport> {
    // First, while nothing else of this process is in memory or at work.
    const small = await smallRun(root, folder)
    const quota = await quotaRun()
    note('  a small run and a quota')
    const exact = DISCORDANCES.flatMap((discordance) => SIZES.map((n) => exactRow(n, discordance)))
    note('  one metric: enumerated')
    const whole = DISCORDANCES.flatMap((discordance, row) =>
      WHOLE_SIZES.map((cases, column) => {
        const design = { cases, discordance, drop: 0, metrics: 4, repeats: 1, clusterSize: 1 }
        return simulateVerdicts(design, WHOLE_POLICY, RELEASES, 100 * row + column)
      }),
    )
    note('  whole verdict: simulated')
    const dependent = [
      { repeats: 3, clusterSize: 1 },
      { repeats: 1, clusterSize: 5 },
    ].flatMap((shape) =>
      [100, 500].flatMap((cases) =>
        [0, MARGIN].map((drop) =>
          simulateVerdicts(
            { cases, discordance: 0.1, drop, metrics: 1, ...shape },
            ONE_METRIC,
            RELEASES_OF_ONE,
            cases + drop * 100,
          ),
        ),
      ),
    )
    note('  repeats and clusters: simulated')
    const child = await runChild(
      process.execPath,
      [...process.execArgv, '--conditions=touchstone-source', join(root, 'bench/evaluation/large-gate.ts'), String(LARGE)],
      { cwd: root },
    )
    const large = JSON.parse(child.stdout) as LargeGate
    const further = [...coverageMeasures(), small, quota]
    const rows = [
      ...exactRows(exact),
      ...whole.map(wholeRow),
      ...dependent.map(dependentRow),
      largeRow(large),
      ...further.map(furtherRow),
    ]
    return { columns: COLUMNS, rows, items: { exact, whole, dependent, large, further }, files: drawRules(exact) }
  },
}

type Cells = readonly string[]

function exactRows(rows: readonly ExactRow[]): Cells[] {
  const line = (question: string, row: ExactRow, gate: string, best: string, rivals: Cells, target: string): Cells => [
    question,
    String(row.n),
    digits(row.discordance, 2),
    gate,
    best,
    ...rivals,
    target,
  ]
  const rivalsOf = (row: ExactRow, of: 'falseBlock' | 'falsePass' | 'foundDrop'): Cells =>
    RIVALS.map((name) => digits(row.rivals[name]?.[of] ?? Number.NaN))
  return [
    ...rows.map((row) =>
      line('blocks unchanged', row, digits(row.unchanged.block), '', rivalsOf(row, 'falseBlock'), atMost(row.unchanged.block)),
    ),
    ...rows.map((row) =>
      line('passes worse by the margin', row, digits(row.falsePass), '', rivalsOf(row, 'falsePass'), atMost(row.falsePass)),
    ),
    ...rows.map(({ unchanged, ...row }) => {
      const missed = unchanged.pass < unchanged.optimalPass - 0.03
      const rivals = RIVALS.map((name) => digits(1 - (row.rivals[name]?.falseBlock ?? Number.NaN)))
      const target = `within .03: ${missed ? 'MISSED' : 'met'}; undecided ${digits(unchanged.inconclusive)}`
      return line(
        'passes unchanged',
        { ...row, unchanged },
        digits(unchanged.pass),
        digits(unchanged.optimalPass),
        rivals,
        target,
      )
    }),
    ...rows.map((row) => {
      const isNamed = row.n === 500 && row.discordance === 0.1
      const target = isNamed ? `>= .88: ${row.foundDrop >= 0.88 ? 'met' : 'MISSED'}` : ''
      return line('blocks a 4-point drop', row, digits(row.foundDrop), '', rivalsOf(row, 'foundDrop'), target)
    }),
  ]
}

function wholeRow(row: SimulatedRow): Cells {
  return simulatedCells(row, 'blocks unchanged: 4 metrics, 2 gating slices, must-never', 'block')
}

function dependentRow(row: SimulatedRow): Cells {
  const shape = row.repeats > 1 ? `${row.repeats} repeats` : `clusters of ${row.clusterSize}`
  return row.drop === 0
    ? simulatedCells(row, `blocks unchanged: ${shape}`, 'block')
    : simulatedCells(row, `passes worse by the margin: ${shape}`, 'pass')
}

function simulatedCells(row: SimulatedRow, question: string, verdict: 'pass' | 'block'): Cells {
  const { value, lower, upper } = row.verdicts[verdict]
  const gate = `${digits(value)} [${digits(lower)}, ${digits(upper)}]`
  const target = `<= .05: ${value <= 0.05 ? 'met' : lower <= 0.05 ? 'not told apart' : 'MISSED'}`
  return [question, String(row.cases), digits(row.discordance, 2), gate, '', ...RIVALS.map(() => ''), target]
}

function largeRow({ seconds, cpuSeconds, megabytes }: LargeGate): Cells {
  const met = seconds < 3 && megabytes < 400
  const gate = `${seconds.toFixed(2)} s (CPU ${cpuSeconds.toFixed(2)} s), ${Math.round(megabytes)} MB`
  return [
    'gates recorded cases',
    String(LARGE),
    '.10',
    gate,
    '',
    ...RIVALS.map(() => ''),
    `< 3 s, < 400 MB: ${met ? 'met' : 'MISSED'}`,
  ]
}

function furtherRow({ question, cases, found, target }: FurtherMeasure): Cells {
  return [question, String(cases), '', found, '', ...RIVALS.map(() => ''), target]
}

/** Four digits, since the third decides: .0501 is not .05. */
function digits(value: number, places = 4): string {
  return value.toFixed(places).replace(/^0/, '')
}

function atMost(value: number): string {
  return `<= .05: ${value <= 0.05 ? 'met' : 'MISSED'}`
}
