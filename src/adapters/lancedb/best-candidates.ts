/** Which rows can be among the best of several lists of which only the beginnings are known. Knows scores and bounds; knows nothing of queries. */
import { cutOf, type ScoredList, SlotTable } from './row-scores.ts'

/** The best of a list. */
export interface TopList extends ScoredList {
  /** Nothing comes behind: a row that is not in it scores 0. */
  readonly isWhole: boolean
}

/** The engine's scores of the same row differ in the last bits of a float32 between a list of the best and a list of all. */
const SLACK = 1e-5

/**
 * Every admitted row whose weighted sum of scores can be one of the `limit` best, or tie with the last of them. A row lies between the
 * sum of what is known of it, and that plus the last score of each list that it was not found in: scores are never below 0.
 * Source: the no-random-access algorithm of Fagin, Lotem, Naor 2003 ("Optimal aggregation algorithms for middleware").
 * @param lists each by descending score @returns `undefined` while a row that is in none of the lists could still be one
 */
export function findCandidates(
  lists: readonly TopList[],
  admits: (row: number) => boolean,
  limit: number,
): readonly number[] | undefined {
  const borders = lists.map(({ weight, scores, isWhole }) => (isWhole ? 0 : weight * (scores.at(-1) ?? 0)))
  const unseen = borders.reduce((sum, border) => sum + border, 0)
  const isWhole = lists.every((list) => list.isWhole)
  const { rows, known, closed } = sumKnown(lists, borders, admits)
  if (rows.length < limit) return isWhole ? Array.from(rows) : undefined
  const cut = cutOf(known, limit) * (1 - SLACK)
  const canReach = (most: number): boolean => most * (1 + SLACK) >= cut
  if (!isWhole && canReach(unseen)) return undefined
  return Array.from(rows).filter((_, place) => canReach((known[place] ?? 0) + unseen - (closed[place] ?? 0)))
}

interface KnownSums {
  readonly rows: Float64Array
  readonly known: Float64Array
  /** Of the bounds, what the row needs no more since its score is known. */
  readonly closed: Float64Array
}

function sumKnown(lists: readonly TopList[], borders: readonly number[], admits: (row: number) => boolean): KnownSums {
  const most = lists.reduce((sum, { rows }) => sum + rows.length, 0)
  const slots = new SlotTable(most)
  const [known, closed] = [new Float64Array(most), new Float64Array(most)]
  for (const [number, { weight, rows, scores }] of lists.entries()) {
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] ?? -1
      if (!admits(row)) continue
      const slot = slots.slotOf(row)
      known[slot] = (known[slot] ?? 0) + weight * (scores[place] ?? 0)
      closed[slot] = (closed[slot] ?? 0) + (borders[number] ?? 0)
    }
  }
  const { rows, size } = slots
  return { rows: rows.subarray(0, size), known: known.subarray(0, size), closed: closed.subarray(0, size) }
}
