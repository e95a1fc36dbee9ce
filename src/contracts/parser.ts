/** From bytes of one format to text, blocks and metadata. Runs inside a child process with limits. */
import type { ParsedDocument } from './document.ts'
import type { Extension } from './extension.ts'

export interface ParserInput {
  readonly bytes: Uint8Array
  /** Path within the source; only its name and ending may matter. */
  readonly path: string
  readonly limits: ParserLimits
}

/** Bounds that a parser must respect by itself; the pool enforces memory and time from outside. */
export interface ParserLimits {
  readonly maxTextLength: number
  /** Bytes that archives (DOCX, EPUB, ...) may inflate to, all entries together. */
  readonly maxInflatedBytes: number
  /** Slides count as pages. */
  readonly maxPages: number
}

export interface Parser {
  /**
   * Deterministic: the same bytes give the same text and blocks.
   * @throws TouchstoneError PARSE_FAILED, FORMAT_OUTDATED, DOCUMENT_ENCRYPTED, ARCHIVE_TOO_LARGE, DOCUMENT_EMPTY, DOCUMENT_TOO_LARGE
   */
  parse(input: ParserInput): Promise<ParsedDocument>
}

/** A parser extension also says, as data, what it takes. */
export interface ParserExtension<Options = unknown> extends Extension<Options, Record<string, never>, Parser> {
  /** Lower-case file endings without the dot. */
  readonly endings: readonly string[]
  readonly mediaType: string
}

/** Parses in a pool of child processes; what ingestion sees. */
export interface DocumentParser {
  /** Which parser would take the bytes: by what they say they are, else by the path's ending; nothing when no format matches. */
  parserFor(
    path: string,
    bytes: Uint8Array,
  ): { readonly id: string; readonly version: number; readonly mediaType: string } | undefined
  /** @throws TouchstoneError as Parser.parse, and PARSER_TIMEOUT, PARSER_OUT_OF_MEMORY, PARSER_CRASHED, FORMAT_UNSUPPORTED */
  parse(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<ParsedDocument>
  close(): Promise<void>
}
