/** Documents gathered into findings, by source. Knows how findings are counted and shown; knows no problem. */
import type { HealthExample, HealthFinding } from '../../contracts/source-health.ts'

/** What checks look at of a document. */
export interface DocumentRow {
  readonly id: string
  readonly source: string
  readonly path: string
  readonly blob: string
  readonly scope: number
  readonly chunks: number
  readonly changeMark: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly modifiedAtMs: number
}

export interface SourceFinding extends HealthFinding {
  readonly source: string
}

/** Of a finding, and of the documents of one example. */
export const EXAMPLES = 20

type Describe<Found> = (found: readonly Found[], documents: number) => HealthFinding

export function bySource(documents: readonly DocumentRow[], describe: Describe<DocumentRow>): SourceFinding[] {
  const found = Map.groupBy(documents, ({ source }) => source)
  return [...found].map(([source, rows]) => ({ source, ...describe(rows, rows.length) }))
}

/** A group that reaches over several sources is told with each of them; counted are the documents of the one. */
export function groupsBySource(groups: readonly (readonly DocumentRow[])[], describe: Describe<HealthExample>): SourceFinding[] {
  const sources = [...new Set(groups.flat().map(({ source }) => source))].sort()
  return sources.map((source) => {
    const own = groups.filter((group) => group.some((row) => row.source === source))
    const examples = own.map((group) => ({ documents: group.slice(0, EXAMPLES).map(({ id }) => id) }))
    return { source, ...describe(examples, own.flat().filter((row) => row.source === source).length) }
  })
}

export function single(rows: readonly DocumentRow[]): HealthExample[] {
  return rows.slice(0, EXAMPLES).map(({ id }) => ({ documents: [id] }))
}

export function counted(count: number): string {
  return count === 1 ? '1 document' : `${count} documents`
}
