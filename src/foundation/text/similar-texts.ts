/** Which of many texts are nearly the same, without comparing all with all. Knows sketches; knows nothing of documents. */
import { resemblance, type TextSketch } from './text-sketch.ts'

/** From here on two texts count as nearly the same: an edited word in thirty, or a tenth that is missing. */
export const NEARLY_THE_SAME = 0.8

/** Of a text's sketch, the hashes that it is looked up by: texts that resemble each other by .8 share none of eight in 1 of 100,000 cases. */
const PROBES = 8
/** Where a run of words stands in so many texts that do not resemble each other, it is a set phrase, and finds nothing. */
const SET_PHRASE = 200

export interface SketchedText {
  readonly sketch: TextSketch
}

/**
 * Groups of texts that resemble the first of their group by `atLeast`; texts that resemble none are left out.
 * Both in the order given. Time grows with the number of texts, not with its square.
 */
export function groupSimilar<Text extends SketchedText>(
  texts: readonly Text[],
  atLeast: number = NEARLY_THE_SAME,
): readonly (readonly Text[])[] {
  const groups: Text[][] = []
  const byHash = new Map<number, number[]>()
  for (const text of texts) {
    const similar = candidates(text.sketch, byHash).find((at) => {
      const [first] = groups[at] ?? []
      return first !== undefined && resemblance(first.sketch, text.sketch) >= atLeast
    })
    if (similar !== undefined) groups[similar]?.push(text)
    else addGroup(text, groups, byHash)
  }
  return groups.filter((group) => group.length > 1)
}

/** Groups whose first text has one of the probes, in their order. */
function candidates(sketch: TextSketch, byHash: ReadonlyMap<number, readonly number[]>): readonly number[] {
  const found = new Set<number>()
  for (const hash of sketch.subarray(0, PROBES)) for (const group of byHash.get(hash) ?? []) found.add(group)
  return [...found].sort((left, right) => left - right)
}

/** Its first text stands under twice the probes: what resembles it may have lower hashes in between. */
function addGroup<Text extends SketchedText>(text: Text, groups: Text[][], byHash: Map<number, number[]>): void {
  for (const hash of text.sketch.subarray(0, 2 * PROBES)) {
    const under = byHash.get(hash) ?? []
    if (under.length < SET_PHRASE) under.push(groups.length)
    byHash.set(hash, under)
  }
  groups.push([text])
}
