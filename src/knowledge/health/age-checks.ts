/** Documents whose time may be over: past the day until which they hold, or long not looked after. Reads nothing. */
import { holdsUntil, lookedAfterAt } from '../document-dates.ts'
import { isDeclaredSuperseded } from '../retrieval/rerankers/superseded.ts'
import { bySource, counted, type DocumentRow, EXAMPLES, type SourceFinding } from './document-findings.ts'

const DAY_MS = 24 * 3_600_000

/** @param staleAfterDays of a source: how long its documents may go without being looked after; nothing: without end */
export function agedDocuments(
  documents: readonly DocumentRow[],
  nowMs: number,
  staleAfterDays: (source: string) => number | undefined,
): readonly SourceFinding[] {
  // What says that it is replaced need not be kept up.
  const current = documents.filter(({ metadata }) => !isDeclaredSuperseded(metadata))
  const [expired, lasting] = partition(current, (document) => (holdsUntil(document) ?? nowMs) < nowMs)
  const stale = lasting.filter((document) => {
    const days = staleAfterDays(document.source)
    return days !== undefined && (lookedAfterAt(document) ?? nowMs) < nowMs - days * DAY_MS
  })
  return [...expiredFindings(expired), ...staleFindings(stale, staleAfterDays)]
}

function expiredFindings(expired: readonly DocumentRow[]): SourceFinding[] {
  return bySource(byTime(expired, holdsUntil), (rows) => ({
    problem: 'expired',
    severity: 'warning',
    documents: rows.length,
    message: `${counted(rows.length)} past the day until which ${rows.length === 1 ? 'it says that it holds' : 'they say that they hold'}`,
    cure: 'Look at what they say: renew the date in their metadata (valid_until, expires, review_by), say `status: archived`, or remove them.',
    examples: dated(rows, holdsUntil, 'held until'),
  }))
}

function staleFindings(stale: readonly DocumentRow[], staleAfterDays: (source: string) => number | undefined): SourceFinding[] {
  return bySource(byTime(stale, lookedAfterAt), (rows) => {
    const source = rows[0]?.source ?? ''
    return {
      problem: 'stale',
      severity: 'warning',
      documents: rows.length,
      message: `${counted(rows.length)} not looked after for more than ${staleAfterDays(source)} days`,
      cure: `Verify them and say so in their metadata (\`last_verified: YYYY-MM-DD\`), or remove them; sources.${source}.staleAfterDays is the age.`,
      examples: dated(rows, lookedAfterAt, 'last looked after on'),
    }
  })
}

type TimeOf = (document: DocumentRow) => number | undefined

/** The oldest first. */
function byTime(documents: readonly DocumentRow[], timeOf: TimeOf): readonly DocumentRow[] {
  return documents.toSorted((left, right) => (timeOf(left) ?? 0) - (timeOf(right) ?? 0))
}

function dated(documents: readonly DocumentRow[], timeOf: TimeOf, verb: string): SourceFinding['examples'] {
  return documents.slice(0, EXAMPLES).map((document) => {
    const day = new Date(timeOf(document) ?? 0).toISOString().slice(0, 10)
    return { documents: [document.id], message: `${verb} ${day}` }
  })
}

function partition<Item>(items: readonly Item[], belongs: (item: Item) => boolean): [Item[], Item[]] {
  const { yes = [], no = [] } = Object.groupBy(items, (item) => (belongs(item) ? 'yes' : 'no'))
  return [yes, no]
}
