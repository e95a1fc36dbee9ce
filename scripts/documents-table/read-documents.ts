/** Reads a folder of files as ingestion would: through the parser pool and the chunker. Knows no expectation of any file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { ParsedDocument } from '../../src/contracts/document.ts'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'
import { isTouchstoneError, type TouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { headingPathChunker } from '../../src/knowledge/ingestion/chunkers/heading-path.ts'
import { createParserPool } from '../../src/knowledge/ingestion/parsers/parser-pool.ts'
import { generousLimits } from '../../src/testing/parser-suite.ts'

export interface DocumentOutcome {
  /** Relative to the folder, with forward slashes. */
  readonly path: string
  /** Id of the parser that takes it; empty when none does. */
  readonly format: string
  readonly result: ParsedDocument | TouchstoneError
  readonly chunks: number
  /** Wall clock, without the start of the parser's process. */
  readonly ms: number
}

/** One file after the other, sorted by path. @throws what is no error of the catalogue: a defect */
export async function readDocuments(folder: string): Promise<readonly DocumentOutcome[]> {
  const pool = createParserPool({ size: 1, timeoutMs: 30_000, memoryMb: 512, limits: generousLimits, clock: systemClock })
  const chunker = headingPathChunker.create(headingPathChunker.parseOptions({}), {})
  const never = new AbortController().signal
  try {
    await pool.parse('start.md', Buffer.from('start'), never)
    const outcomes: DocumentOutcome[] = []
    for (const path of filesIn(folder)) {
      const bytes = readFileSync(join(folder, path))
      const started = performance.now()
      const result = await pool.parse(path, bytes, never).catch((error: unknown) => {
        if (isTouchstoneError(error)) return error
        throw error
      })
      const ms = performance.now() - started
      const chunks = isTouchstoneError(result) ? 0 : chunker.chunk(result).length
      outcomes.push({ path, format: pool.parserFor(path, bytes)?.id ?? '', result, chunks, ms })
    }
    return outcomes
  } finally {
    await pool.close()
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== 'SOURCE.txt')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}
