/** A difference as people read it: always with its sign. Knows no units. */

/** @returns four digits after the point */
export function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`
}
