/** How good a ranking is against judgements, by the definitions of trec_eval. Knows gains in rank order; knows nothing of how a ranking came about. */

/** What people judged for one query: a gain by document. Relevant is a gain of at least 1; 0 and less are judged and not relevant. */
export type Judgements = ReadonlyMap<string, number>

export interface ScoredDocument {
  readonly document: string
  readonly score: number
}

/**
 * The order in which trec_eval reads a run, whatever ranks stand in it: by descending score in single precision, ties by
 * descending document id. A document that stands there twice counts where its better score puts it.
 * Source: trec_eval 9.0.8, form_res_rels.c.
 */
export function inTrecOrder(scored: readonly ScoredDocument[]): readonly string[] {
  const best = new Map<string, number>()
  for (const { document, score } of scored) {
    const single = Math.fround(score)
    if (single > (best.get(document) ?? Number.NEGATIVE_INFINITY)) best.set(document, single)
  }
  return [...best]
    .sort(([left, leftScore], [right, rightScore]) => rightScore - leftScore || (left < right ? 1 : -1))
    .map(([document]) => document)
}

/**
 * Normalised discounted cumulative gain of the first `depth`: sum of gain / log2(rank + 1), by the same sum over the best
 * possible order of everything that was judged.
 * @returns 0..1; 0 when nothing is relevant
 * Source: Järvelin and Kekäläinen 2002 with linear gains, as trec_eval's ndcg_cut; negative gains count 0.
 */
export function ndcg(ranking: readonly string[], judged: Judgements, depth: number): number {
  const ideal = [...judged.values()].sort((left, right) => right - left)
  const best = discountedGain(ideal, depth)
  const gains = ranking.slice(0, depth).map((document) => judged.get(document) ?? 0)
  return best > 0 ? discountedGain(gains, depth) / best : 0
}

/** Share of the relevant documents that are among the first `depth`. @returns 0..1; 0 when nothing is relevant */
export function recall(ranking: readonly string[], judged: Judgements, depth: number): number {
  const relevant = countRelevant(judged)
  const found = ranking.slice(0, depth).filter((document) => isRelevant(judged, document)).length
  return relevant > 0 ? found / relevant : 0
}

/** 1 / rank of the first relevant document. @returns 0..1; 0 when none is among the first `depth` */
export function reciprocalRank(ranking: readonly string[], judged: Judgements, depth: number): number {
  const place = ranking.slice(0, depth).findIndex((document) => isRelevant(judged, document))
  return place === -1 ? 0 : 1 / (place + 1)
}

/**
 * Average precision: the mean, over all relevant documents, of the precision at the rank of each; 0 for those not among the
 * first `depth`.
 * @returns 0..1; 0 when nothing is relevant
 * Source: trec_eval's map_cut.
 */
export function averagePrecision(ranking: readonly string[], judged: Judgements, depth: number): number {
  const relevant = countRelevant(judged)
  let found = 0
  let sum = 0
  for (const [place, document] of ranking.slice(0, depth).entries()) {
    if (!isRelevant(judged, document)) continue
    found++
    sum += found / (place + 1)
  }
  return relevant > 0 ? sum / relevant : 0
}

export function countRelevant(judged: Judgements): number {
  return [...judged.values()].filter((gain) => gain >= 1).length
}

function isRelevant(judged: Judgements, document: string): boolean {
  return (judged.get(document) ?? 0) >= 1
}

function discountedGain(gains: readonly number[], depth: number): number {
  return gains.slice(0, depth).reduce((sum, gain, place) => sum + Math.max(0, gain) / Math.log2(place + 2), 0)
}
