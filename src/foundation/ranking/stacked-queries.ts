/** Lays the candidates of many questions one below the other. Knows in which order; knows no model. */
import { idealDcg } from './lambda-gradients.ts'

/** One question with its candidates, as features and judgements. */
export interface RankedQuery {
  /** Unique among the questions of one training set. */
  readonly id: string
  /** Candidates times features, row by row; every value finite. */
  readonly features: Float64Array
  /** What each candidate is worth, >= 0, as the metric counts it. */
  readonly gains: Float64Array
  /** Best possible sum of discounted gains at the cut-off, with relevant documents that are no candidates; of the candidates alone when absent. */
  readonly idealDcg?: number
}

export interface StackedQueries {
  /** Rows times features, row by row. */
  readonly features: Float64Array
  readonly gains: Float64Array
  /** Where each question's rows begin, and where the last one's end. */
  readonly starts: Int32Array
  /** Best possible sum of discounted gains of each question. */
  readonly ideals: Float64Array
}

/** In the order of their ids, so that training does not depend on the order of files; those whose candidates are all worth the same teach nothing and are left out. */
export function stackQueries(queries: readonly RankedQuery[], width: number): StackedQueries {
  const telling = queries.filter(({ gains }) => gains.some((gain) => gain !== gains[0])).toSorted(byId)
  const rows = telling.reduce((sum, { gains }) => sum + gains.length, 0)
  const stack = {
    features: new Float64Array(rows * width),
    gains: new Float64Array(rows),
    starts: new Int32Array(telling.length + 1),
    ideals: new Float64Array(telling.length),
  }
  let row = 0
  for (const [position, { features, gains, idealDcg: given }] of telling.entries()) {
    stack.features.set(features, row * width)
    stack.gains.set(gains, row)
    stack.ideals[position] = given ?? idealDcg(gains)
    row += gains.length
    stack.starts[position + 1] = row
  }
  return stack
}

function byId(left: RankedQuery, right: RankedQuery): number {
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0
}

/** Calls back for each question, with where its rows begin and end. */
export function forEachQuery(
  { starts, ideals }: StackedQueries,
  visit: (start: number, end: number, ideal: number) => void,
): void {
  for (let query = 0; query < ideals.length; query++)
    visit(starts[query] as number, starts[query + 1] as number, ideals[query] as number)
}
