/** Reads ZIP archives under limits: refused by what the directory declares, cut by what inflation yields. Knows no document format. */
import { crc32, inflateRawSync } from 'node:zlib'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { parseFailure } from './define-parser.ts'

export interface ArchiveEntry {
  /** With forward slashes, whatever the writer used. */
  readonly name: string
  /** As the directory declares it; the truth shows when it is read. */
  readonly inflatedBytes: number
  /** @throws TouchstoneError ARCHIVE_TOO_LARGE, DOCUMENT_ENCRYPTED, PARSE_FAILED */
  read(): Uint8Array
}

/** Honest markup shrinks 5 to 50 times; small archives of it may shrink more. */
const MAX_RATIO = 300
const RATIO_FREE_BYTES = 8 * 1024 * 1024
const END_SIGNATURE = 0x06054b50
const END_BYTES = 22
const MAX_COMMENT_BYTES = 0xffff
const ENTRY_SIGNATURE = 0x02014b50
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const MAX_ENTRIES = 10_000
const ZIP64_MARK = 0xffffffff
const ZIP64_FIELD = 1

/**
 * @param maxInflatedBytes for all entries together; archives that inflate more than 300-fold are held to less
 * @throws TouchstoneError ARCHIVE_TOO_LARGE before anything is inflated, PARSE_FAILED
 */
export function openArchive(bytes: Uint8Array, path: string, maxInflatedBytes: number): ReadonlyMap<string, ArchiveEntry> {
  const limitBytes = Math.min(maxInflatedBytes, Math.max(RATIO_FREE_BYTES, bytes.length * MAX_RATIO))
  const budget = { path, limitBytes, leftBytes: limitBytes }
  const entries = new Map<string, ArchiveEntry>()
  let declared = 0
  for (const header of readDirectory(bytes, path)) {
    declared += header.inflatedBytes
    if (declared > limitBytes) throw tooLarge(budget)
    entries.set(header.name, {
      name: header.name,
      inflatedBytes: header.inflatedBytes,
      read: () => inflateEntry(bytes, header, budget),
    })
  }
  return entries
}

interface EntryHeader {
  readonly name: string
  readonly isEncrypted: boolean
  readonly method: number
  readonly packedBytes: number
  readonly inflatedBytes: number
  readonly localOffset: number
  readonly checksum: number
}

/** What all entries together may still inflate to. */
interface InflationBudget {
  readonly path: string
  readonly limitBytes: number
  leftBytes: number
}

function readDirectory(bytes: Uint8Array, path: string): readonly EntryHeader[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === undefined) throw parseFailure(path, 'its ZIP directory is missing; the file is cut off')
  const count = view.getUint16(end + 10, true)
  if (count > MAX_ENTRIES) throw parseFailure(path, `its ZIP directory has ${count} entries`)
  const headers: EntryHeader[] = []
  let offset = view.getUint32(end + 16, true)
  for (let index = 0; index < count; index++) {
    if (offset + ENTRY_BYTES > view.byteLength || view.getUint32(offset, true) !== ENTRY_SIGNATURE) {
      throw parseFailure(path, 'its ZIP directory is damaged')
    }
    headers.push(readHeader(bytes, view, offset, path))
    offset +=
      ENTRY_BYTES + view.getUint16(offset + 28, true) + view.getUint16(offset + 30, true) + view.getUint16(offset + 32, true)
  }
  return headers
}

function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES
  for (let offset = last; offset >= Math.max(0, last - MAX_COMMENT_BYTES); offset--) {
    if (view.getUint32(offset, true) === END_SIGNATURE) return offset
  }
  return undefined
}

function readHeader(bytes: Uint8Array, view: DataView, offset: number, path: string): EntryHeader {
  const nameEnd = offset + ENTRY_BYTES + view.getUint16(offset + 28, true)
  const extraEnd = nameEnd + view.getUint16(offset + 30, true)
  if (extraEnd > view.byteLength) throw parseFailure(path, 'its ZIP directory is damaged')
  const [inflatedBytes, packedBytes, localOffset] = readSizes(view, offset, nameEnd, extraEnd, path)
  return {
    name: new TextDecoder().decode(bytes.subarray(offset + ENTRY_BYTES, nameEnd)).replaceAll('\\', '/'),
    isEncrypted: (view.getUint16(offset + 8, true) & 1) === 1,
    method: view.getUint16(offset + 10, true),
    checksum: view.getUint32(offset + 16, true),
    inflatedBytes,
    packedBytes,
    localOffset,
  }
}

/** Streaming writers mark sizes as ZIP64 even in small files; the true ones then stand in an extra field, in this order. */
function readSizes(
  view: DataView,
  offset: number,
  extraStart: number,
  extraEnd: number,
  path: string,
): readonly [inflated: number, packed: number, localOffset: number] {
  const [inflated, packed, local] = [24, 20, 42].map((at) => view.getUint32(offset + at, true))
  let wide = extraStart
  while (wide + 4 <= extraEnd && view.getUint16(wide, true) !== ZIP64_FIELD) wide += 4 + view.getUint16(wide + 2, true)
  wide += 4
  const widen = (narrow = 0): number => {
    if (narrow !== ZIP64_MARK) return narrow
    if (wide + 8 > extraEnd) throw parseFailure(path, 'its ZIP directory is damaged')
    wide += 8
    return Number(view.getBigUint64(wide - 8, true))
  }
  return [widen(inflated), widen(packed), widen(local)]
}

function inflateEntry(bytes: Uint8Array, header: EntryHeader, budget: InflationBudget): Uint8Array {
  const { path } = budget
  if (header.isEncrypted) throw new TouchstoneError('DOCUMENT_ENCRYPTED', { details: { path } })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (header.localOffset + LOCAL_BYTES > view.byteLength) throw parseFailure(path, 'its ZIP directory is damaged')
  const names = view.getUint16(header.localOffset + 26, true) + view.getUint16(header.localOffset + 28, true)
  const start = header.localOffset + LOCAL_BYTES + names
  const packed = bytes.subarray(start, start + header.packedBytes)
  const inflated = header.method === 0 ? packed : inflate(packed, header, budget)
  if (inflated.length > budget.leftBytes) throw tooLarge(budget)
  if (crc32(inflated) !== header.checksum) throw parseFailure(path, `${header.name} inside it is damaged`)
  budget.leftBytes -= inflated.length
  return inflated
}

function inflate(packed: Uint8Array, header: EntryHeader, budget: InflationBudget): Uint8Array {
  if (header.method !== 8) throw parseFailure(budget.path, `${header.name} is compressed in an unknown way (${header.method})`)
  if (budget.leftBytes === 0) throw tooLarge(budget)
  try {
    return inflateRawSync(packed, { maxOutputLength: budget.leftBytes })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(budget)
    throw parseFailure(budget.path, `${header.name} inside it is damaged`, error)
  }
}

function tooLarge(budget: InflationBudget): TouchstoneError {
  return new TouchstoneError('ARCHIVE_TOO_LARGE', { details: { path: budget.path, limitBytes: budget.limitBytes } })
}
