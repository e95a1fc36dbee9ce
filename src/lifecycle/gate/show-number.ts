/** Numbers as sentences of a report name them. Knows digits only. */

/** Three significant digits, without trailing zeros; 0 for what rounding left over. */
export function showNumber(value: number): string {
  return Math.abs(value) < 1e-12 ? '0' : String(Number(value.toPrecision(3)))
}

/** A p value after the letter: `p 0.031`, or `p < 0.001`. */
export function showP(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p ${showNumber(p)}`
}
