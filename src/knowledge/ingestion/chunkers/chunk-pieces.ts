/** Cuts a section's blocks into pieces small enough for a chunk. Knows sentences and lines; knows nothing of headings. */
import type { BlockKind, TextBlock } from '../../../contracts/document.ts'
import type { Place } from '../../../contracts/place.ts'
import { segmentWords, type Span, splitSentences } from '../../../foundation/text/segmentation.ts'

/** A span that is never cut further. */
export interface ChunkPiece {
  readonly kind: BlockKind
  readonly start: number
  readonly end: number
  readonly words: number
  readonly place?: Place
}

/** @returns the pieces that have words, ascending; blocks longer than maxWords are cut, at sentences first, then at words */
export function cutIntoPieces(
  text: string,
  blocks: readonly TextBlock[],
  maxWords: number,
  language: string,
): readonly ChunkPiece[] {
  return blocks
    .flatMap((block) => cutBlock(text, toPiece(text, block, block, language), maxWords, language))
    .filter((piece) => piece.words > 0)
}

function cutBlock(text: string, block: ChunkPiece, maxWords: number, language: string): readonly ChunkPiece[] {
  if (block.words <= maxWords) return [block]
  const sentences = block.kind === 'code' ? splitLines(text, block) : splitSentences(text.slice(block.start, block.end), language)
  return sentences
    .map((span) => toPiece(text, { start: block.start + span.start, end: block.start + span.end }, block, language))
    .flatMap((sentence) => (sentence.words <= maxWords ? [sentence] : cutSentence(text, sentence, maxWords, language)))
}

/** A sentence without an end in sight (lists of data, minified code) is cut between words. */
function cutSentence(text: string, sentence: ChunkPiece, maxWords: number, language: string): readonly ChunkPiece[] {
  const words = segmentWords(text.slice(sentence.start, sentence.end), language)
  const pieces: ChunkPiece[] = []
  for (let first = 0; first < words.length; first += maxWords) {
    const start = first === 0 ? sentence.start : sentence.start + (words[first]?.start ?? 0)
    const next = words[first + maxWords]
    const end = next === undefined ? sentence.end : sentence.start + next.start
    pieces.push(toPiece(text, { start, end }, sentence, language))
  }
  return pieces.length > 0 ? pieces : [sentence]
}

function splitLines(text: string, block: ChunkPiece): readonly Span[] {
  const lines: Span[] = []
  let start = block.start
  while (start < block.end) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 || newline >= block.end ? block.end : newline + 1
    lines.push({ start: start - block.start, end: end - block.start })
    start = end
  }
  return lines
}

function toPiece(text: string, span: Span, block: Pick<TextBlock, 'kind' | 'place'>, language: string): ChunkPiece {
  const raw = text.slice(span.start, span.end)
  const start = span.start + raw.length - raw.trimStart().length
  const end = Math.max(start, span.end - (raw.length - raw.trimEnd().length))
  return {
    kind: block.kind,
    start,
    end,
    words: segmentWords(raw, language).length,
    ...(block.place === undefined ? {} : { place: block.place }),
  }
}
