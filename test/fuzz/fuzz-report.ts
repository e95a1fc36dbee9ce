/** What a worker tells, and how reports add up. Runs nothing. */

/** Where a worker says which input it is at. */
export const PROGRESS_FD = 4

export interface Finding {
  readonly ordinal: number
  readonly name: string
  readonly foreign: boolean
  /** Base64. */
  readonly bytes: string
  readonly message: string
}

export interface FuzzReport {
  readonly outcomes: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
  readonly rssBytes: number
}

export interface FuzzSummary {
  readonly family: string
  readonly seed: number
  inputs: number
  outcomes: Record<string, number>
  findings: Finding[]
  /** Resident memory of the worker after its first reports, and at most. */
  firstRssBytes: number
  mostRssBytes: number
}

export function addReport(summary: FuzzSummary, report: FuzzReport): void {
  for (const [outcome, count] of Object.entries(report.outcomes)) {
    summary.outcomes[outcome] = (summary.outcomes[outcome] ?? 0) + count
  }
  summary.findings.push(...report.findings)
  if (summary.firstRssBytes === 0) summary.firstRssBytes = report.rssBytes
  summary.mostRssBytes = Math.max(summary.mostRssBytes, report.rssBytes)
}
