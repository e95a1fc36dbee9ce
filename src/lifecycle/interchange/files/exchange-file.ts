/** A file of another tool: where it is, how it begins, and what is said when it cannot be read. Knows no format. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'

export interface ExchangeFile {
  readonly path: string
  /** Without folders. */
  readonly name: string
  /** The first 64 KiB, as UTF-8 without a byte order mark. */
  readonly head: string
}

const HEAD_BYTES = 65_536

/** @throws TouchstoneError RUN_FILE_INVALID when there is no such file, or nothing in it */
export async function openExchangeFile(path: string): Promise<ExchangeFile> {
  const head = await readHead(path)
  if (head.trim() === '') throw invalidFile(path, 'it is empty')
  return { path, name: basename(path), head }
}

async function readHead(path: string): Promise<string> {
  try {
    const handle = await open(path)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      return withoutByteOrderMark(buffer.toString('utf8', 0, bytesRead))
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw invalidFile(path, messageOf(error), error)
  }
}

export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** @param reason names the line, or the path within the document */
export function invalidFile(path: string, reason: string, cause?: unknown): TouchstoneError {
  return new TouchstoneError('RUN_FILE_INVALID', { details: { path, reason }, cause })
}

/** Of a file whose version is beyond what is known. */
export function newerFile(path: string, found: string, known: string): TouchstoneError {
  return invalidFile(path, `it is of version ${found}, and versions up to ${known} are known here`)
}
