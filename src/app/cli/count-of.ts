/** Numbers with their noun, as people read them. Knows regular English plurals only. */

/** @returns `1 document`, `2 documents`, `0 chunks` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
