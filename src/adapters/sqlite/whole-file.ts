/** Notices at the start that a SQLite file was cut off, which SQLite itself notices only when it meets the missing pages. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

/** Offsets in the header: https://www.sqlite.org/fileformat.html, section 1.3. */
const HEADER_BYTES = 100
const PAGE_SIZE_AT = 16
const CHANGES_AT = 24
const PAGES_AT = 28
const VALID_FOR_AT = 92

/** While a log is there the file may lag behind its header: then SQLite mends it from the log. @throws TouchstoneError STATE_CORRUPT */
export function requireWholeFile(path: string): void {
  const size = sizeOf(path)
  if (size === undefined || size === 0 || (sizeOf(`${path}-wal`) ?? 0) > 0) return
  const header = readHeader(path)
  const pageSize = header.readUInt16BE(PAGE_SIZE_AT)
  // 1 stands for 65536; a count that is not of the last change says nothing.
  const needed = (pageSize === 1 ? 65_536 : pageSize) * header.readUInt32BE(PAGES_AT)
  if (size >= HEADER_BYTES && (size >= needed || header.readUInt32BE(CHANGES_AT) !== header.readUInt32BE(VALID_FOR_AT))) return
  const reason = `it has ${size} bytes of ${needed || 'more'}: it was cut off`
  throw new TouchstoneError('STATE_CORRUPT', { details: { path, reason } })
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}

function readHeader(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(file, header)
    return header
  } finally {
    closeSync(file)
  }
}
