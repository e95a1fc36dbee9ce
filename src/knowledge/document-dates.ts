/** When a document was last looked after, and how long it holds: what its metadata says, then what its source says. Knows no clock. */

/** The best word on how old the content is comes first. */
const LOOKED_AFTER = [
  'last_verified',
  'verified',
  'last_reviewed',
  'reviewed',
  'last_updated',
  'updated',
  'last_modified',
  'modified',
  'lastmod',
  'date',
]
const HOLDS_UNTIL = ['valid_until', 'valid_to', 'expires', 'expires_on', 'expiry', 'expiry_date', 'expiration_date', 'review_by']
const DAY_MS = 24 * 3_600_000

export interface DatedDocument {
  readonly metadata: Readonly<Record<string, unknown>>
  /** When the source says that it changed; 0 where it does not know. */
  readonly modifiedAtMs: number
}

/** @returns milliseconds since the epoch; nothing where neither its metadata nor its source says a time */
export function lookedAfterAt({ metadata, modifiedAtMs }: DatedDocument): number | undefined {
  return dateUnder(LOOKED_AFTER, metadata) ?? (modifiedAtMs > 0 ? modifiedAtMs : undefined)
}

/** The end of the day until which it holds, in milliseconds since the epoch; nothing where it does not say. */
export function holdsUntil({ metadata }: Pick<DatedDocument, 'metadata'>): number | undefined {
  const day = dateUnder(HOLDS_UNTIL, metadata)
  return day === undefined ? undefined : day + DAY_MS - 1
}

/** Keys are read without case, and `-` or space as `_`. */
function dateUnder(names: readonly string[], metadata: Readonly<Record<string, unknown>>): number | undefined {
  const entries = Object.entries(metadata).map(([key, value]) => [key.toLowerCase().replace(/[- ]/g, '_'), value] as const)
  if (entries.length === 0) return undefined
  for (const name of names) for (const [key, value] of entries) if (key === name) return toTime(value)
  return undefined
}

const DATE = /^\s*(\d{4})-(\d{2})(?:-(\d{2}))?(?![\d-])/

/** The day alone: hours and zones are noise here. @returns nothing for what is no date in ISO form */
function toTime(value: unknown): number | undefined {
  const [, year, month, day = '01'] = DATE.exec(value instanceof Date ? value.toISOString() : String(value)) ?? []
  if (year === undefined || month === undefined) return undefined
  const time = Date.parse(`${year}-${month}-${day}T00:00:00Z`)
  return Number.isNaN(time) ? undefined : time
}
