/** How far two raters agree beyond chance, from the table of their labels. Knows counts; knows nothing of what was labelled. */
import { undefinedStatistic } from './undefined-statistic.ts'

/** Cell [i][j]: items that the first rater put in category i and the second in j. Square, whole counts. */
export type AgreementTable = readonly (readonly number[])[]

/** Coefficients are at most 1, and undefined (absent) when chance alone would make both agree always. */
export interface TwoRaterAgreement {
  readonly items: number
  /** Share of items with the same label. Print it beside the others: with one rare category kappa is near 0 at high agreement. */
  readonly observed: number
  readonly kappa?: number
  /** Large-sample standard error of kappa. */
  readonly kappaError?: number
  readonly scottPi?: number
  /** Gwet's AC1, which a rare category does not upset. */
  readonly ac1?: number
  /** Bennett, Alpert and Goldstein's S (Brennan-Prediger; for two categories PABAK). */
  readonly uniform?: number
}

/**
 * @throws TouchstoneError STATISTIC_UNDEFINED for a table that is empty, not square, smaller than 2 by 2, or of other than counts
 * Source: Cohen 1960; its standard error, Fleiss, Cohen, Everitt 1969; Scott 1955; Gwet 2008; Brennan and Prediger 1981.
 */
export function twoRaterAgreement(table: AgreementTable): TwoRaterAgreement {
  const { items, shares, rows, columns } = readTable(table)
  const categories = rows.length
  const observed = sumOf(rows.map((_, k) => shares[k]?.[k] ?? 0))
  const means = rows.map((row, k) => (row + (columns[k] ?? 0)) / 2)
  const byMargins = sumOf(rows.map((row, k) => row * (columns[k] ?? 0)))
  const kappa = beyondChance(observed, byMargins)
  return definedOnly({
    items,
    observed,
    kappa,
    kappaError: kappa === undefined ? undefined : kappaError(shares, rows, columns, kappa, byMargins, items),
    scottPi: beyondChance(observed, sumOf(means.map((mean) => mean ** 2))),
    ac1: beyondChance(observed, sumOf(means.map((mean) => mean * (1 - mean))) / (categories - 1)),
    uniform: beyondChance(observed, 1 / categories),
  })
}

/**
 * Cohen's kappa for ordered categories, where near labels count in part.
 * @param weights linear: by the distance of the categories; quadratic: by its square
 * @returns at most 1; undefined when chance alone would make both agree always
 * @throws TouchstoneError STATISTIC_UNDEFINED as twoRaterAgreement
 * Source: Cohen 1968; Fleiss and Cohen 1973.
 */
export function weightedKappa(table: AgreementTable, weights: 'linear' | 'quadratic'): number | undefined {
  const { shares, rows, columns } = readTable(table)
  const distance = (i: number, j: number): number => (Math.abs(i - j) / (rows.length - 1)) ** (weights === 'linear' ? 1 : 2)
  let [observed, expected] = [0, 0]
  for (const [i, row] of shares.entries())
    for (const [j, share] of row.entries()) {
      observed += distance(i, j) * share
      expected += distance(i, j) * (rows[i] ?? 0) * (columns[j] ?? 0)
    }
  return expected > 0 ? 1 - observed / expected : undefined
}

function kappaError(
  shares: readonly (readonly number[])[],
  rows: readonly number[],
  columns: readonly number[],
  kappa: number,
  chance: number,
  items: number,
): number {
  const miss = 1 - kappa
  let variance = -((kappa - chance * miss) ** 2)
  for (const [i, row] of shares.entries())
    for (const [j, share] of row.entries()) {
      const margins = (columns[i] ?? 0) + (rows[j] ?? 0)
      variance += share * (i === j ? (1 - margins * miss) ** 2 : (miss * margins) ** 2)
    }
  return Math.sqrt(Math.max(0, variance) / items) / (1 - chance)
}

function readTable(table: AgreementTable): {
  readonly items: number
  readonly shares: readonly (readonly number[])[]
  readonly rows: readonly number[]
  readonly columns: readonly number[]
} {
  const items = sumOf(table.map(sumOf))
  const isCounts = table.every(
    (row) => row.length === table.length && row.every((cell) => Number.isSafeInteger(cell) && cell >= 0),
  )
  if (!isCounts || table.length < 2 || items === 0)
    throw undefinedStatistic('The agreement of two raters', `a table of ${table.length} rows and ${items} items`)
  const shares = table.map((row) => row.map((cell) => cell / items))
  return { items, shares, rows: shares.map(sumOf), columns: shares.map((_, j) => sumOf(shares.map((row) => row[j] ?? 0))) }
}

function beyondChance(observed: number, chance: number): number | undefined {
  return chance < 1 ? (observed - chance) / (1 - chance) : undefined
}

function definedOnly(found: { [Key in keyof TwoRaterAgreement]: TwoRaterAgreement[Key] | undefined }): TwoRaterAgreement {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as unknown as TwoRaterAgreement
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
