/** Chunks by section: whole blocks of one section, about 150 words. Knows structure and sizes; knows nothing of formats or of the index. */
import { z } from 'zod'
import type { ChunkerExtension } from '../../../contracts/chunker.ts'
import type { Chunk, ParsedDocument } from '../../../contracts/document.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { spanPlaces } from '../../document-place.ts'
import { type ChunkPiece, cutIntoPieces } from './chunk-pieces.ts'
import { type DocumentSection, splitIntoSections } from './document-sections.ts'

const optionsSchema = z
  .strictObject({
    kind: z.literal('heading-path').default('heading-path'),
    /** A chunk that has this many words is closed at the next block. */
    targetWords: z.int().min(20).max(2000).default(150),
    /** No chunk has more, except for a short last piece of its section that joins it. */
    maxWords: z.int().min(20).max(3000).default(220),
  })
  .refine((options) => options.maxWords >= options.targetWords, { path: ['maxWords'], message: 'must not be below targetWords' })

export type HeadingPathOptions = Omit<z.output<typeof optionsSchema>, 'kind'>

/** A last piece with less than this share of the target joins its predecessor. */
const SHORT_SHARE = 0.2

/**
 * A heading's own text is no part of a chunk, it is in `headingPath`; only a heading with nothing under it is a chunk by itself.
 * `section` spans the heading and everything up to the next heading.
 */
export const headingPathChunker: ChunkerExtension<HeadingPathOptions> = {
  id: 'heading-path',
  version: 2,
  summary: 'Whole blocks of one section, about 150 words, with the path of headings above them',
  parseOptions: (input) => {
    const parsed = optionsSchema.safeParse(input ?? {})
    if (parsed.success) return { targetWords: parsed.data.targetWords, maxWords: parsed.data.maxWords }
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new TouchstoneError('CONFIG_INVALID', {
      details: { path: 'chunkers.heading-path', count: problems.length, problems: problems.join('\n') },
    })
  },
  create: (options) => ({
    chunk(document) {
      const spans = splitIntoSections(document).flatMap((section) => chunkSection(document, section, options))
      return spans.map((span, ordinal) => ({ ordinal, ...span }))
    },
  }),
}

function chunkSection(
  document: ParsedDocument,
  section: DocumentSection,
  options: HeadingPathOptions,
): readonly Omit<Chunk, 'ordinal'>[] {
  const language = sentenceLanguage(document)
  const pieces = cutIntoPieces(document.text, section.blocks, options.maxWords, language)
  const groups =
    pieces.length > 0
      ? joinShortEnd(groupPieces(document.text, pieces, options), options.targetWords)
      : headingAlone(document.text, section, language)
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)]
    if (first === undefined || last === undefined) return []
    const { start, end, headingPath: path } = section
    const place = spanPlaces(first.place, last.place)
    return [
      {
        start: first.start,
        end: last.end,
        headingPath: path,
        section: { start, end },
        ...(place === undefined ? {} : { place }),
      },
    ]
  })
}

/** Metadata is anybody's writing: only what looks like a language tag counts. */
function sentenceLanguage({ metadata }: ParsedDocument): string {
  const language = metadata['language']
  return typeof language === 'string' && /^[a-z]{2,3}(?:-[a-z]{2})?$/i.test(language) ? language : 'en'
}

function groupPieces(
  text: string,
  pieces: readonly ChunkPiece[],
  { targetWords, maxWords }: HeadingPathOptions,
): readonly (readonly ChunkPiece[])[] {
  const groups: ChunkPiece[][] = []
  let open: ChunkPiece[] = []
  let words = 0
  for (const piece of pieces) {
    if (open.length > 0 && (words >= targetWords || words + piece.words > maxWords)) {
      const introduction = takeIntroduction(text, open, piece, maxWords)
      groups.push(open)
      open = introduction
      words = introduction.reduce((sum, part) => sum + part.words, 0)
    }
    open.push(piece)
    words += piece.words
  }
  return open.length > 0 ? [...groups, open] : groups
}

/** The line that introduces a list, a table or code moves with its first item, when both fit into the next chunk. */
function takeIntroduction(text: string, open: ChunkPiece[], next: ChunkPiece, maxWords: number): ChunkPiece[] {
  const last = open.at(-1)
  const isIntroduced = next.kind === 'list-item' || next.kind === 'table-row' || next.kind === 'code'
  if (last === undefined || open.length < 2 || !isIntroduced || last.kind !== 'paragraph') return []
  if (!/[:：]$/.test(text.slice(last.start, last.end)) || last.words + next.words > maxWords) return []
  open.pop()
  return [last]
}

function joinShortEnd(groups: readonly (readonly ChunkPiece[])[], targetWords: number): readonly (readonly ChunkPiece[])[] {
  const last = groups.at(-1)
  const before = groups.at(-2)
  const words = last?.reduce((sum, piece) => sum + piece.words, 0) ?? 0
  if (last === undefined || before === undefined || words >= targetWords * SHORT_SHARE) return groups
  return [...groups.slice(0, -2), [...before, ...last]]
}

function headingAlone(text: string, section: DocumentSection, language: string): readonly (readonly ChunkPiece[])[] {
  if (section.heading === undefined || section.hasSubsections) return []
  const pieces = cutIntoPieces(text, [section.heading], Number.POSITIVE_INFINITY, language)
  return pieces.length > 0 ? [pieces] : []
}
