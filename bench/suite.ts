/** What a suite of measurements is. Knows nothing of any suite, nor of how results are shown. */

export type Unit = 'ms' | 's' | 'MB' | '1/s' | '1/min' | '×' | 'of 1'

/** The statistic that a target speaks of, and its bound. */
export type Target = { readonly of: 'median' | 'p95' | 'max' } & ({ readonly below: number } | { readonly above: number })

export interface Measure {
  readonly name: string
  readonly unit: Unit
  /** In the order in which they were taken; at least one. */
  readonly samples: readonly number[]
  readonly target?: Target
}

/** Findings that are not samples of a quantity: rows under columns of their own. */
export interface BenchReport {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The same in numbers, for `--json`. */
  readonly items: unknown
  /** Texts by file name, written beside the rows with `--record`. */
  readonly files: Readonly<Record<string, string>>
}

export interface BenchSuite {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string
  readonly summary: string
  /** @returns no measures when what it measures is not there; then it has said so through `note` */
  run(bench: Bench): Promise<readonly Measure[] | BenchReport>
}

/** What the runner gives to a suite. */
export interface Bench {
  /** Root of the checkout. */
  readonly root: string
  /** Empty folder of this run, removed afterwards. */
  readonly folder: string
  /** Tells a person what is going on; never part of the result. */
  note(text: string): void
}
