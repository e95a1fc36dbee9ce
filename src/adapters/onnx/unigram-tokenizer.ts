/** SentencePiece's unigram segmentation: the most likely way to cut a word into pieces. Knows the algorithm; the vocabulary is given. */

/** What a character that no piece covers costs beside the least likely piece, as SentencePiece has it. */
const UNKNOWN_PENALTY = 10

/**
 * @param vocabulary pieces with their log probabilities; the number of a piece is its place
 * @param unknown number of the piece that stands for what is not covered; neighbours that are not covered become one
 * Source: Kudo 2018 (arXiv 1804.10959), section 3.2; fusing of unknown pieces as in Hugging Face tokenizers.
 */
export function createUnigramTokenizer(
  vocabulary: readonly (readonly [piece: string, logProbability: number])[],
  unknown: number,
): (word: string) => number[] {
  const numbers = new Map(vocabulary.map(([piece], number) => [piece, number]))
  const scores = Float64Array.from(vocabulary, ([, score]) => score)
  const longest = vocabulary.reduce((most, [piece]) => Math.max(most, piece.length), 0)
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), 0) - UNKNOWN_PENALTY
  return (word) => {
    const whole = numbers.get(word)
    return whole === undefined ? readBack(word, bestCuts(word)) : [whole]
  }

  /** For each end in the text, the piece that the best cut up to there ends with, and where it starts. */
  function bestCuts(word: string): { readonly starts: Int32Array; readonly pieces: Int32Array } {
    const best = new Float64Array(word.length + 1).fill(-Infinity)
    const starts = new Int32Array(word.length + 1)
    const pieces = new Int32Array(word.length + 1).fill(unknown)
    best[0] = 0
    for (let start = 0; start < word.length;) {
      const one = start + ((word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)
      const before = best[start] ?? -Infinity
      const offer = (end: number, number: number, score: number): void => {
        if (before + score <= (best[end] ?? -Infinity)) return
        best[end] = before + score
        starts[end] = start
        pieces[end] = number
      }
      let isCovered = false
      for (let end = one; end <= Math.min(word.length, start + longest); end++) {
        const number = numbers.get(word.slice(start, end))
        if (number === undefined) continue
        isCovered ||= end === one
        offer(end, number, scores[number] ?? 0)
      }
      if (!isCovered) offer(one, unknown, unknownScore)
      start = one
    }
    return { starts, pieces }
  }

  function readBack(word: string, { starts, pieces }: ReturnType<typeof bestCuts>): number[] {
    const found: number[] = []
    for (let end = word.length; end > 0; end = starts[end] ?? 0) {
      const piece = pieces[end] ?? unknown
      if (piece !== unknown || found.at(-1) !== unknown) found.push(piece)
    }
    return found.reverse()
  }
}
