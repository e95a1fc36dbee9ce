/** The shape that all parsers share: no options, text through one writer, only catalogued errors. Knows no format. */
import type { ParserExtension, ParserInput } from '../../../contracts/parser.ts'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { type BlockWriter, createBlockWriter } from './block-writer.ts'
import { refuseOutdated } from './outdated-format.ts'

export type NoOptions = Readonly<Record<string, never>>

/** What a format knows beyond its text. */
export interface DocumentHead {
  readonly title?: string | undefined
  /** Plain JSON data. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

export interface ParserDefinition {
  readonly id: string
  /** Raised whenever the same bytes may give another text. */
  readonly version: number
  readonly summary: string
  readonly endings: readonly string[]
  readonly mediaType: string
  /** Writes the blocks. What it throws beside catalogue errors becomes PARSE_FAILED. Loads its library when called, not before. */
  read(input: ParserInput, writer: BlockWriter): Promise<DocumentHead>
}

export function defineParser(definition: ParserDefinition): ParserExtension<NoOptions> {
  const { id, version, summary, endings, mediaType } = definition
  return {
    id,
    version,
    summary,
    endings,
    mediaType,
    parseOptions: (input) => refuseOptions(id, input),
    create: () => ({
      async parse(input) {
        refuseOutdated(input.bytes, input.path)
        const writer = createBlockWriter(input.path, input.limits.maxTextLength)
        try {
          const { title, metadata = {} } = await definition.read(input, writer)
          const shownTitle = title?.trim() ?? ''
          return { ...(shownTitle === '' ? {} : { title: shownTitle }), ...writer.finish(), metadata }
        } catch (error) {
          throw asParseError(error, input.path)
        }
      },
    }),
  }
}

/** @throws TouchstoneError PARSE_FAILED, for a format's reader that finds something impossible */
export function parseFailure(path: string, reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('PARSE_FAILED', { details: { path, reason }, cause })
}

function asParseError(error: unknown, path: string): TouchstoneError {
  if (error instanceof TouchstoneError) return error
  const tooDeep = error instanceof RangeError && error.message.includes('call stack')
  return parseFailure(path, tooDeep ? 'it is nested too deeply' : firstLine(messageOf(error)), error)
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').slice(0, 200).replace(/\.$/, '')
}

function refuseOptions(id: string, input: unknown): NoOptions {
  const names = input === undefined ? [] : input !== null && typeof input === 'object' ? Object.keys(input) : ['(value)']
  if (names.length === 0) return {}
  const problems = names.map((name) => `  parsers.${id}.${name}: the parser has no such option`)
  throw new TouchstoneError('CONFIG_INVALID', {
    details: { path: `parsers.${id}`, count: names.length, problems: problems.join('\n') },
  })
}
