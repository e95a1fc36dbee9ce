/** From a parsed document to chunks. */
import type { Chunk, ParsedDocument } from './document.ts'
import type { Extension } from './extension.ts'

export interface Chunker {
  /** Ordinals count from 0; chunks ascend by start, never overlap, and cover every block that has words. */
  chunk(document: ParsedDocument): readonly Chunk[]
}

export type ChunkerExtension<Options = unknown> = Extension<Options, Record<string, never>, Chunker>
