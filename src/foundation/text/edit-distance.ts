/** How many slips of the hand lie between two words. Knows letters; knows nothing of languages. */

/**
 * Letters left out, added, exchanged, or swapped with their neighbour (optimal string alignment).
 * @returns the distance, or `most + 1` when it is more than `most`
 * Source: Damerau 1964; recurrence after Wagner and Fischer 1974 with transpositions.
 */
export function editDistance(left: string, right: string, most: number): number {
  const [from, to] = [[...left], [...right]]
  if (Math.abs(from.length - to.length) > most) return most + 1
  let before: readonly number[] = []
  let above: readonly number[] = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [row, letter] of from.entries()) {
    const line = [row + 1]
    for (const [column, other] of to.entries()) {
      const same = letter === other
      let distance = Math.min((above[column] ?? 0) + (same ? 0 : 1), (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1)
      if (letter === to[column - 1] && other === from[row - 1]) distance = Math.min(distance, (before[column - 1] ?? 0) + 1)
      line.push(distance)
    }
    if (Math.min(...line) > most) return most + 1
    before = above
    above = line
  }
  return Math.min(above.at(-1) ?? 0, most + 1)
}

/** Letters that words are typed with, by script (ISO 15924). */
const ALPHABETS: Readonly<Record<string, string>> = {
  Latn: 'abcdefghijklmnopqrstuvwxyz',
  Cyrl: 'абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ',
  Grek: 'αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ',
  Hebr: 'אבגדהוזחטיכלמנסעפצקרשתךםןףץ',
  Arab: 'ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ',
}

/**
 * Every string at distance 1 from a word in lower case, each once, likelier slips first: letters swapped, doubled or left out, then added, then
 * exchanged; at the first letter last.
 * @param script the word's; without an alphabet of it there are none
 */
export function slipsOf(word: string, script: string): readonly string[] {
  const alphabet = [...(ALPHABETS[script] ?? '')]
  if (alphabet.length === 0) return []
  const letters = [...word]
  const slips = new Set<string>()
  const places = [...letters.keys()].map((at) => letters.length - 1 - at)
  const edited = (at: number, remove: number, ...insert: string[]): void => {
    slips.add(letters.toSpliced(at, remove, ...insert).join(''))
  }
  for (const at of places) if (at > 0) edited(at - 1, 2, letters[at] ?? '', letters[at - 1] ?? '')
  for (const at of places) edited(at, 0, letters[at] ?? '')
  for (const at of places) edited(at, 1)
  for (const at of [letters.length, ...places]) for (const letter of alphabet) edited(at, 0, letter)
  for (const at of places) for (const letter of alphabet) edited(at, 1, letter)
  slips.delete(word)
  return [...slips]
}
