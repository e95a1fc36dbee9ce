/** Weighted full-text search in one version of a table: scores rows field by field, then takes the best that may be read. Knows nothing of writing. */
import { admittedScopes, INDEX_FIELDS } from '../../foundation/storage/index-shape.ts'
import type { IndexField, IndexFilter, IndexHit, LexicalQuery } from '../../contracts/document-index.ts'
import { loadLanceDb } from './native.ts'
import { rowIds } from './index-row.ts'
import { allOf, contentPredicate, isOneOfNumbers } from './predicate.ts'
import type { PinnedReader } from './pinned-reader.ts'
import { bestRows, type ScoredRows, sumScores } from './row-scores.ts'

/** LanceDB needs a limit; this one is beyond any table that one machine holds. */
const EVERY_MATCH = 100_000_000
/** By itself LanceDB hands over a thousand rows at a time, and each handing over costs as much as the rows. */
const IN_ONE_PIECE = { maxBatchLength: 1_000_000 }
/** Scopes that are cheap to push down: 200 of 20,000 cost nothing measurable, 2,000 cost 10 ms and more. */
const FEW_SCOPES = 300
/** Rows worth reading to find the readable among them; beyond, pushing the scopes down is quicker. */
const MOST_ROWS_READ = 3_000
const OVER_FETCH = 1.25

/**
 * The score is the sum over fields of weight times BM25 (k1 1.2, b 0.75, statistics of the whole table whatever the filter).
 * Fields are asked one by one and added here, for three reasons: the engine's own sum adds in the order in which fields
 * happen to finish, so that equal rows get scores that differ in the last bit; its boosts are not applied to rows that are
 * not yet folded into the index; and it is slower (48,000 chunks: p50 11 ms against 6 ms).
 * Until they are folded in, rows are scored by an estimate of how common a term is, which can fall below zero: then it counts 0.
 */
export async function searchLexical(
  reader: PinnedReader,
  query: LexicalQuery,
  filter: IndexFilter,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly IndexHit[]> {
  const readable = admittedScopes(filter)
  if (readable.size === 0 || partsOf(query).length === 0) return []
  const search = { reader, query, content: contentPredicate(filter), readable, limit, signal }
  const found = overFetches(readable.size, filter.scopesTotal, limit)
    ? await keepReadable(search, Math.ceil((limit * OVER_FETCH * Math.max(filter.scopesTotal, 1)) / readable.size))
    : undefined
  return found ?? (await searchInsideScopes(search))
}

interface Search {
  readonly reader: PinnedReader
  readonly query: LexicalQuery
  readonly content: string | undefined
  readonly readable: ReadonlySet<number>
  readonly limit: number
  readonly signal: AbortSignal | undefined
}

function overFetches(readable: number, total: number, limit: number): boolean {
  return readable > FEW_SCOPES && (limit * total) / readable <= MOST_ROWS_READ
}

/** The plan for few readable scopes: the engine scores their rows only. */
async function searchInsideScopes(search: Search): Promise<readonly IndexHit[]> {
  const scored = await scoreRows(search, allOf([search.content, isOneOfNumbers('scope_id', search.readable)]))
  return takeBest(search, scored, search.limit)
}

/**
 * The plan for a large readable share: score everything, read rows in order of rank until enough may be read.
 * @returns `undefined` when too many rows would have to be read
 */
async function keepReadable(search: Search, first: number): Promise<readonly IndexHit[] | undefined> {
  const scored = await scoreRows(search, search.content)
  for (let depth = first; ; depth *= 3) {
    const hits = await takeBest(search, scored, depth)
    if (hits.length >= search.limit || depth >= scored.rows.length) return hits.slice(0, search.limit)
    if (depth * 3 > MOST_ROWS_READ) return undefined
  }
}

/** The hits among the `depth` best rows whose scope may be read, at most `limit`: by descending score, ties by ascending id. */
async function takeBest(search: Search, scored: ScoredRows, depth: number): Promise<readonly IndexHit[]> {
  const best = bestRows(scored, depth)
  const hits = await search.reader.hits([...best.keys()])
  search.signal?.throwIfAborted()
  const readable: IndexHit[] = []
  for (const [row, hit] of hits) {
    // Checked here in both plans: a predicate is a string, and this is the promise that the filter is never widened.
    if (search.readable.has(hit.scope)) readable.push({ ...hit, score: Math.max(0, best.get(row) ?? 0) })
  }
  return readable.sort(byScoreThenId).slice(0, search.limit)
}

async function scoreRows({ reader, query, signal }: Search, predicate: string | undefined): Promise<ScoredRows> {
  const { module } = await loadLanceDb()
  signal?.throwIfAborted()
  const lists = await Promise.all(
    partsOf(query).map(async ({ text, field, weight }) => {
      // A MatchQuery takes its text as terms: there is no query syntax that a question could reach.
      const matches = reader.table.query().fullTextSearch(new module.MatchQuery(text, field))
      if (predicate !== undefined) matches.where(predicate)
      if (reader.folded) matches.fastSearch()
      const result = await matches.select(['_score']).withRowId().limit(EVERY_MATCH).toArrow(IN_ONE_PIECE)
      return { weight, rows: rowIds(result), scores: result.getChild('_score')?.toArray() as Float32Array }
    }),
  )
  signal?.throwIfAborted()
  return sumScores(lists)
}

/** One engine query for each searched field, and one for each group of further terms. */
function partsOf(query: LexicalQuery): readonly { readonly text: string; readonly field: IndexField; readonly weight: number }[] {
  const asked = INDEX_FIELDS.map((field) => ({ field, terms: query.terms, weight: query.fieldWeights[field] }))
  const further = (query.further ?? []).map((group) => ({ field: 'body' as const, ...group }))
  return [...asked, ...further]
    .filter(({ terms, weight }) => terms.length > 0 && weight > 0)
    .map(({ field, terms, weight }) => ({ field, weight, text: terms.join(' ') }))
}

export function byScoreThenId(left: IndexHit, right: IndexHit): number {
  return right.score - left.score || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}
