/** Refuses the binary office formats of before 2007, and encrypted files that look like them, whatever their names end in. */
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { isOleFile, topOleNames } from './ole-streams.ts'

/** The stream that each of them has, and what to save it as. */
const OUTDATED: readonly (readonly [stream: string, format: string, target: string])[] = [
  ['WordDocument', 'a Word file (DOC)', 'DOCX'],
  ['PowerPoint Document', 'a PowerPoint file (PPT)', 'PPTX'],
  ['Workbook', 'an Excel file (XLS)', 'XLSX'],
  ['Book', 'an Excel file (XLS)', 'XLSX'],
  ['__properties_version1.0', 'an Outlook message (MSG)', 'EML'],
]
const UNKNOWN = ['', 'an old Office (OLE) file', 'DOCX, PPTX, XLSX or PDF'] as const

/** Office packs an encrypted DOCX, PPTX or XLSX into an OLE file with this stream. */
const ENCRYPTED_STREAM = 'EncryptedPackage'

/** @throws TouchstoneError FORMAT_OUTDATED, DOCUMENT_ENCRYPTED */
export function refuseOutdated(bytes: Uint8Array, path: string): void {
  if (!isOleFile(bytes)) return
  const names = new Set(topOleNames(bytes))
  if (names.has(ENCRYPTED_STREAM)) throw new TouchstoneError('DOCUMENT_ENCRYPTED', { details: { path } })
  const [, format, target] = OUTDATED.find(([stream]) => names.has(stream)) ?? UNKNOWN
  throw new TouchstoneError('FORMAT_OUTDATED', { details: { path, format, target } })
}
