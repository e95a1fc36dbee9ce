/** Weighted full-text search in one version of a table: scores rows field by field, then takes the best that may be read. Knows nothing of writing. */
import type { MatchQuery } from '@lancedb/lancedb'
import { type AdmittedScopes, admittedScopes, INDEX_FIELDS, scopeCount } from '../../foundation/storage/index-shape.ts'
import type { IndexField, IndexFilter, IndexHit, LexicalQuery } from '../../contracts/document-index.ts'
import { findCandidates } from './best-candidates.ts'
import { bestHits } from './best-hits.ts'
import { loadLanceDb } from './native.ts'
import { IN_ONE_PIECE, rowIds } from './index-row.ts'
import { allOf, contentPredicate, isOneOfNumbers } from './predicate.ts'
import type { PinnedReader } from './pinned-reader.ts'
import { type ScoredList, sumScores } from './row-scores.ts'

/** LanceDB needs a limit; this one is beyond any table that one machine holds. */
const EVERY_MATCH = 100_000_000

/** What costs how much. The hits are the same whatever these say. */
export interface SearchPlan {
  /** Scopes that are cheap to push down: 1,000 of 100,000 cost 8 ms, 3,000 cost 19. */
  readonly fewScopes: number
  /** Up to so many rows, every match is read as quickly as the best are. */
  readonly smallTable: number
  /** Rows of a first list of the best, at least, where several must be long enough to bound their sum: 1,000 cost 1 ms more than 60. */
  readonly firstDepth: number
  /** A list of so many is no shorter than all that a common word matches. */
  readonly lastDepth: number
  /** Rows that the engine scores once more. */
  readonly mostCandidates: number
}

/** Measured on 200,000 chunks. */
const MEASURED: SearchPlan = {
  fewScopes: 1_000,
  smallTable: 40_000,
  firstDepth: 1_000,
  lastDepth: 20_000,
  mostCandidates: 1_000,
}
/** More than the share of readable rows says, since they need not match as often as others. */
const OVER_FETCH = 1.25
const DEEPER = 4

/**
 * The score is the sum over fields of weight times BM25 (k1 1.2, b 0.75, statistics of the whole table whatever the filter).
 * Fields are asked one by one and added here, for three reasons: the engine's own sum adds in the order in which fields
 * happen to finish, so that equal rows get scores that differ in the last bit; its boosts are not applied to rows that are
 * not yet folded into the index; and it is slower (48,000 chunks: p50 11 ms against 6 ms).
 * Until they are folded in, rows are scored by an estimate of how common a term is, which can fall below zero: then it counts 0.
 *
 * Three plans give the same hits. Few scopes may be read: the engine scores their rows only. A large table: the best rows of each
 * field bound what others can reach, and those that can be among the best are scored exactly. Else every match is read.
 */
export async function searchLexical(
  reader: PinnedReader,
  query: LexicalQuery,
  filter: IndexFilter,
  limit: number,
  signal?: AbortSignal,
  plan: SearchPlan = MEASURED,
): Promise<readonly IndexHit[]> {
  const [parts, count] = [await partsOf(query), scopeCount(filter)]
  if (count === 0 || parts.length === 0) return []
  const content = contentPredicate(filter)
  const search = { reader, parts, content, readable: admittedScopes(filter), limit, signal }
  const scopes = await reader.scopes()
  // Counted in rows: a person may read nearly all places and next to nothing, since one place may hold half of it all.
  const spread = Math.ceil((limit * OVER_FETCH) / scopes.shareOf(search.readable))
  if (count <= plan.fewScopes && spread > plan.firstDepth)
    return takeBest(search, await scoreRows(search, allOf([content, isOneOfNumbers('scope_id', filter.scopes)])))
  const admits = (row: number): boolean => {
    const scope = scopes.scopeOf(row)
    return scope !== undefined && search.readable.has(scope)
  }
  // Scores of rows that are not folded in can fall below zero, which no bound allows for.
  const isBounded = reader.folded && scopes.rows.length > plan.smallTable
  const depth = parts.length === 1 ? spread : Math.max(spread, plan.firstDepth)
  const best = isBounded ? await scoreCandidates(search, admits, depth, plan) : undefined
  return takeBest(search, best ?? (await scoreRows(search, content)).map((list) => keepRows(list, admits)))
}

interface Search {
  readonly reader: PinnedReader
  readonly parts: readonly Part[]
  readonly content: string | undefined
  readonly readable: AdmittedScopes
  readonly limit: number
  readonly signal: AbortSignal | undefined
}

/** @returns the scores of every row that can be among the best; `undefined` when they would cost as much as reading every match */
async function scoreCandidates(
  search: Search,
  admits: (row: number) => boolean,
  first: number,
  { lastDepth, mostCandidates }: SearchPlan,
): Promise<readonly ScoredList[] | undefined> {
  for (let depth = first; depth <= lastDepth; depth *= DEEPER) {
    const lists = (await scoreRows(search, search.content, depth)).map((list) => ({ ...list, isWhole: list.rows.length < depth }))
    const candidates = findCandidates(lists, admits, search.limit)
    if (candidates === undefined || candidates.length > mostCandidates) continue
    // The engine leaves terms out that cannot lift a row into a full list, and then adds up in another order: asked again without.
    const cut = search.parts.filter((_, number) => lists[number]?.isWhole === false)
    const exact = await scoreRows({ ...search, parts: cut }, isOneOfNumbers('_rowid', candidates))
    const wanted = new Set(candidates)
    return lists.map((list) =>
      list.isWhole ? keepRows(list, (row) => wanted.has(row)) : (exact[cut.indexOf(list.part)] ?? list),
    )
  }
  return undefined
}

function keepRows({ weight, rows, scores }: ScoredList, admits: (row: number) => boolean): ScoredList {
  const kept = { rows: new Float64Array(rows.length), scores: new Float32Array(rows.length) }
  let count = 0
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] ?? -1
    if (!admits(row)) continue
    kept.rows[count] = row
    kept.scores[count++] = scores[place] ?? 0
  }
  return { weight, rows: kept.rows.subarray(0, count), scores: kept.scores.subarray(0, count) }
}

function takeBest(search: Search, lists: readonly ScoredList[]): Promise<readonly IndexHit[]> {
  return bestHits(sumScores(lists), { ...search, least: 0 })
}

/** @returns a list for each part, by descending score */
async function scoreRows(
  { reader, parts, signal }: Search,
  predicate: string | undefined,
  depth = EVERY_MATCH,
): Promise<readonly PartScores[]> {
  signal?.throwIfAborted()
  const lists = await Promise.all(
    parts.map(async (part) => {
      const matches = reader.table.query().fullTextSearch(part.match())
      if (predicate !== undefined) matches.where(predicate)
      if (reader.folded) matches.fastSearch()
      const result = await matches.select(['_score']).withRowId().limit(depth).toArrow(IN_ONE_PIECE)
      const scores = (result.getChild('_score')?.toArray() as Float32Array | undefined) ?? new Float32Array(0)
      return { part, weight: part.weight, rows: rowIds(result), scores }
    }),
  )
  signal?.throwIfAborted()
  return lists
}

interface PartScores extends ScoredList {
  readonly part: Part
}

interface Part {
  readonly weight: number
  /** Made anew for each use, since LanceDB takes them away. */
  readonly match: () => MatchQuery
}

/** One engine query for each searched field, and one for each group of further terms. */
async function partsOf(query: LexicalQuery): Promise<readonly Part[]> {
  const { module } = await loadLanceDb()
  const asked = INDEX_FIELDS.map((field) => ({ field, terms: query.terms, weight: query.fieldWeights[field] }))
  const further = (query.further ?? []).map((group) => ({ field: 'body' as IndexField, ...group }))
  return (
    [...asked, ...further]
      .filter(({ terms, weight }) => terms.length > 0 && weight > 0)
      // A MatchQuery takes its text as terms: there is no query syntax that a question could reach.
      .map(({ field, terms, weight }) => ({ weight, match: () => new module.MatchQuery(terms.join(' '), field) }))
  )
}
