/** Every measure that trec_eval gives for the ranking of one query, under its names. Knows gains in rank order; knows no files and no means. */
import {
  averagePrecision,
  countRelevant,
  inTrecOrder,
  ndcg,
  recall,
  reciprocalRank,
  type Judgements,
  type ScoredDocument,
} from './ranking-metrics.ts'

/** Which trec_eval to agree with: 10 rounds recall points half up and adds rbp and unj; 9 rounds them up from a tenth. */
export type TrecVersion = 9 | 10

const DEPTHS = [5, 10, 15, 20, 30, 100, 200, 500, 1_000]
const RECALL_POINTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
const MULTIPLES = [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2]
/** Keeps infAP from dividing by 0, as in trec_eval. */
const INFERRED_EPSILON = 1e-5
/** Of the reader who goes on to the next rank, in rbp. */
const PERSISTENCE = 0.9

/** A ranking with its judgements: what all measures are computed from. */
interface JudgedRanking {
  readonly ranking: readonly string[]
  readonly judged: Judgements
  /** By rank; undefined for documents without a judgement, and those with a negative one: offered to the judges, not judged. */
  readonly gains: readonly (number | undefined)[]
  readonly relevant: number
  /** Relevant documents among the first so many ranks, from 0 to all. */
  readonly found: readonly number[]
  /** Gains above 0 of everything judged, descending. */
  readonly ideal: readonly number[]
}

/**
 * @param scored in any order; trec_eval's decides: score in single precision, ties by descending id
 * @param judged gains; relevant is at least 1, below 0 counts as unjudged
 * @returns measures by trec_eval's names in its order. `relstring` is a text: the judgements of the first ten. A query
 * without a relevant or without a ranked document scores 0
 * Source: trec_eval 9.0.8 and 10.0 (NIST) and the papers that its help names, reproduced on its edge cases.
 */
export function trecMeasures(
  scored: readonly ScoredDocument[],
  judged: Judgements,
  version: TrecVersion = 10,
): ReadonlyMap<string, number | string> {
  const at = judgeRanking(inTrecOrder(scored), judged)
  const { ranking, gains, relevant } = at
  const retrieved = ranking.length
  const hits = at.found.at(-1) ?? 0
  const points = RECALL_POINTS.map((point) => interpolatedPrecision(at, point, version))
  const byDepth = (name: string, measure: (depth: number) => number): readonly (readonly [string, number])[] =>
    DEPTHS.map((depth) => [`${name}_${depth}`, measure(depth)])
  return new Map<string, number | string>([
    ['num_ret', retrieved],
    ['num_rel', relevant],
    ['num_rel_ret', hits],
    ['map', averagePrecision(ranking, judged, retrieved)],
    ['Rprec', ratio(foundWithin(at, relevant), relevant)],
    ['bpref', binaryPreference(at)],
    ['recip_rank', reciprocalRank(ranking, judged, retrieved)],
    ...RECALL_POINTS.map((point, place) => [`iprec_at_recall_${point.toFixed(2)}`, points[place] ?? 0] as const),
    ...byDepth('P', (depth) => foundWithin(at, depth) / depth),
    [
      'relstring',
      `'${ranking
        .slice(0, 10)
        .map((document) => judgementSign(judged.get(document)))
        .join('')}'`,
    ],
    ...byDepth('recall', (depth) => recall(ranking, judged, depth)),
    ['infAP', inferredPrecision(at)],
    ...MULTIPLES.map((multiple) => [`Rprec_mult_${multiple.toFixed(2)}`, precisionAtMultiple(at, multiple)] as const),
    ['utility', hits - (retrieved - hits)],
    ['11pt_avg', points.reduce((sum, point) => sum + point, 0) / points.length],
    ['binG', binaryGain(at)],
    ['G', normalisedGain(at)],
    ['ndcg', ndcg(ranking, judged, Number.POSITIVE_INFINITY)],
    ['ndcg_rel', ndcgAtRelevant(at)],
    ['Rndcg', ndcgAtLevels(at)],
    ...byDepth('ndcg_cut', (depth) => ndcg(ranking, judged, depth)),
    ...byDepth('map_cut', (depth) => averagePrecision(ranking, judged, depth)),
    ...byDepth('relative_P', (depth) => ratio(foundWithin(at, depth), Math.min(depth, relevant))),
    ...[1, 5, 10].map((depth) => [`success_${depth}`, foundWithin(at, depth) > 0 ? 1 : 0] as const),
    ['set_P', ratio(hits, retrieved)],
    ['set_relative_P', ratio(hits, Math.min(retrieved, relevant))],
    ['set_recall', ratio(hits, relevant)],
    ['set_map', ratio(hits * hits, retrieved * relevant)],
    ['set_F', ratio(2 * hits, retrieved + relevant)],
    ['num_nonrel_judged_ret', gains.filter((gain) => gain !== undefined && gain < 1).length],
    ...(version === 10 ? measuresOfTen(at) : []),
  ])
}

function measuresOfTen(at: JudgedRanking): readonly (readonly [string, number])[] {
  const unjudged = (depth: number): number => at.gains.slice(0, depth).filter((gain) => gain === undefined).length / depth
  return [
    ['rbp', rankBiasedPrecision(at)],
    ['rbp_resid', rankBiasedResidual(at)],
    ...[5, 10, 20].map((depth) => [`unj_${depth}`, unjudged(depth)] as const),
  ]
}

function judgeRanking(ranking: readonly string[], judged: Judgements): JudgedRanking {
  const gains = ranking.map((document) => {
    const gain = judged.get(document)
    return gain === undefined || gain < 0 ? undefined : gain
  })
  const found = [0]
  for (const gain of gains) found.push((found.at(-1) ?? 0) + (isRelevant(gain) ? 1 : 0))
  const ideal = [...judged.values()].filter((gain) => gain > 0).sort((left, right) => right - left)
  return { ranking, judged, gains, relevant: countRelevant(judged), found, ideal }
}

/** The best precision from the rank on where this share of the relevant documents has been found. */
function interpolatedPrecision({ found, relevant }: JudgedRanking, point: number, version: TrecVersion): number {
  const wanted = version === 10 ? Math.round(point * relevant) : Math.trunc(point * relevant + 0.9)
  let best = 0
  for (let rank = 1; rank < found.length; rank++) {
    const count = found[rank] ?? 0
    if (count >= wanted) best = Math.max(best, count / rank)
  }
  return best
}

/** Share of the first nonrelevant documents that are ranked below each relevant one. Source: Buckley and Voorhees 2004. */
function binaryPreference({ gains, judged, relevant }: JudgedRanking): number {
  const nonrelevant = [...judged.values()].filter((gain) => gain >= 0 && gain < 1).length
  let above = 0
  let sum = 0
  for (const gain of gains) {
    if (gain === undefined) continue
    if (!isRelevant(gain)) above++
    else sum += above === 0 ? 1 : 1 - Math.min(above, relevant) / Math.min(nonrelevant, relevant)
  }
  return ratio(sum, relevant)
}

/** Average precision inferred from a sample of judgements. Source: Yilmaz and Aslam 2006. */
function inferredPrecision({ ranking, gains, judged, relevant }: JudgedRanking): number {
  let [hits, misses, offered, sum] = [0, 0, 0, 0]
  for (const [above, gain] of gains.entries()) {
    if (isRelevant(gain)) {
      const precisionAbove = (hits + INFERRED_EPSILON) / (hits + misses + 2 * INFERRED_EPSILON)
      sum += 1 / (above + 1) + ((hits + misses + offered) / (above + 1)) * precisionAbove
      hits++
    } else if (gain !== undefined) misses++
    else if (judged.has(ranking[above] ?? '')) offered++
  }
  return ratio(sum, relevant)
}

function precisionAtMultiple(at: JudgedRanking, multiple: number): number {
  const depth = Math.trunc(multiple * at.relevant + 0.9)
  return ratio(foundWithin(at, depth), depth)
}

/** Each relevant document counts 1 / log2(2 + nonrelevant ones above it). */
function binaryGain({ gains, found, relevant }: JudgedRanking): number {
  const sum = gains.reduce<number>((total, gain, place) => {
    return isRelevant(gain) ? total + 1 / Math.log2(2 + place - (found[place] ?? 0)) : total
  }, 0)
  return ratio(sum, relevant)
}

/** Each document counts its gain / log2(2 + what an ideal ranking had gained by then beyond this one). */
function normalisedGain({ gains, ideal }: JudgedRanking): number {
  let [gained, possible, sum] = [0, 0, 0]
  for (const [place, gain = 0] of gains.entries()) {
    gained += gain
    possible += Math.max(1, ideal[place] ?? 0)
    if (gain > 0) sum += gain / Math.log2(2 + possible - gained)
  }
  return ratio(
    sum,
    ideal.reduce((total, gain) => total + gain, 0),
  )
}

/** nDCG at the rank of each relevant document, averaged; those not ranked count at the end. */
function ndcgAtRelevant({ gains, ideal }: JudgedRanking): number {
  const ranks = gains.flatMap((gain = 0, place) => (gain > 0 ? [place + 1] : []))
  const missing = ideal.length - ranks.length
  const sum = ranks.reduce((total, rank) => total + ndcgOf(gains, ideal, rank), missing * ndcgOf(gains, ideal, Infinity))
  return ratio(sum, ideal.length)
}

/** nDCG at the ranks where the ideal gain changes, and at the end of a longer ranking, averaged. */
function ndcgAtLevels({ gains, ideal }: JudgedRanking): number {
  const levels = ideal.flatMap((gain, place) => (gain === ideal[place + 1] ? [] : [place + 1]))
  // The rank after the last relevant one of the ideal is not looked at again, as in trec_eval.
  const depths = gains.length > ideal.length + 1 ? [...levels, Infinity] : levels
  const sum = depths.reduce((total, depth) => total + ndcgOf(gains, ideal, depth), 0)
  return ratio(sum, ideal.length === 0 ? 0 : depths.length)
}

/** Source: Moffat and Zobel 2008; gains are scaled to at most 1. */
function rankBiasedPrecision({ gains, ideal }: JudgedRanking): number {
  const largest = Math.max(1, ideal[0] ?? 0)
  return gains.reduce<number>((sum, gain = 0, place) => sum + ((1 - PERSISTENCE) * PERSISTENCE ** place * gain) / largest, 0)
}

/** How much unjudged documents could add, those below the end of the ranking with them; 0 when all are judged, as in trec_eval. */
function rankBiasedResidual({ gains }: JudgedRanking): number {
  if (!gains.includes(undefined)) return 0
  return gains.reduce<number>(
    (sum, gain, place) => sum + (gain === undefined ? (1 - PERSISTENCE) * PERSISTENCE ** place : 0),
    PERSISTENCE ** gains.length,
  )
}

function ndcgOf(gains: readonly (number | undefined)[], ideal: readonly number[], depth: number): number {
  const discounted = (list: readonly (number | undefined)[]): number =>
    list.slice(0, depth).reduce<number>((sum, gain = 0, place) => sum + gain / Math.log2(place + 2), 0)
  return ratio(discounted(gains), discounted(ideal))
}

function foundWithin({ found }: JudgedRanking, depth: number): number {
  return found[Math.min(depth, found.length - 1)] ?? 0
}

function isRelevant(gain: number | undefined): boolean {
  return (gain ?? 0) >= 1
}

function judgementSign(gain: number | undefined): string {
  if (gain === undefined) return '-'
  if (gain < 0) return '.'
  return gain > 9 ? '>' : String(Math.trunc(gain))
}

/** 0 of 0 is 0, as trec_eval prints it. */
function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}
