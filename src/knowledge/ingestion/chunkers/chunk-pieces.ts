/** Cuts a section's blocks into pieces small enough for a chunk. Knows sentences and lines; knows nothing of headings. */
import type { BlockKind, TextBlock } from '../../../contracts/document.ts'
import type { Place } from '../../../contracts/place.ts'
import { countWords, segmentWords, type Span, splitSentences } from '../../../foundation/text/segmentation.ts'

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
  let pieces: readonly ChunkPiece[] = [block]
  for (const split of SPLITS[block.kind] ?? [splitSentences])
    pieces = pieces.flatMap((piece) => (piece.words <= maxWords ? [piece] : splitPiece(text, piece, split, language)))
  return pieces.flatMap((piece) => (piece.words <= maxWords ? [piece] : cutSentence(text, piece, maxWords, language)))
}

type Split = (text: string, language: string) => readonly Span[]

function splitPiece(text: string, piece: ChunkPiece, split: Split, language: string): readonly ChunkPiece[] {
  return split(text.slice(piece.start, piece.end), language).map((span) =>
    toPiece(text, { start: piece.start + span.start, end: piece.start + span.end }, piece, language),
  )
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

const splitLines: Split = (text) => splitAfter(text, '\n')
const splitCells: Split = (text) => splitAfter(text, '; ')
/** What may be cut apart, by kind, the coarsest first: a long cell is prose. */
const SPLITS: Readonly<Partial<Record<BlockKind, readonly Split[]>>> = {
  code: [splitLines],
  'table-row': [splitCells, splitSentences],
}

function splitAfter(text: string, separator: string): readonly Span[] {
  const spans: Span[] = []
  let start = 0
  while (start < text.length) {
    const at = text.indexOf(separator, start)
    const end = at === -1 ? text.length : at + separator.length
    spans.push({ start, end })
    start = end
  }
  return spans
}

function toPiece(text: string, span: Span, block: Pick<TextBlock, 'kind' | 'place'>, language: string): ChunkPiece {
  const raw = text.slice(span.start, span.end)
  const start = span.start + raw.length - raw.trimStart().length
  const end = Math.max(start, span.end - (raw.length - raw.trimEnd().length))
  return {
    kind: block.kind,
    start,
    end,
    words: countWords(raw, language),
    ...(block.place === undefined ? {} : { place: block.place }),
  }
}
