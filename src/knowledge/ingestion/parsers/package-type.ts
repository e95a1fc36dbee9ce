/** Tells by its content what kind of document a ZIP archive is. Knows how packages name themselves; reads no document. */
import { openArchive } from './archive.ts'
import { looksLike } from './sniff-format.ts'

/** Office Open XML: the folder that the main part lies in. */
const FOLDERS: readonly (readonly [folder: string, mediaType: string])[] = [
  ['word/', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['ppt/', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  ['xl/', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
]
const LOCAL_BYTES = 30
const LONGEST_TYPE = 100
const TYPE_ENTRY = 'mimetype'

/**
 * The media type that the package declares: in its first entry `mimetype` (OpenDocument, EPUB; a template counts as its document),
 * or by where its parts lie (Office Open XML). Inflates nothing.
 * @returns nothing for other bytes, damaged archives included: a parser then says what is wrong
 */
export function packageType(bytes: Uint8Array): string | undefined {
  if (!looksLike('zip', bytes)) return undefined
  return storedType(bytes) ?? typeByFolder(bytes)
}

/** Both standards ask for the entry to be the first and not compressed, so that it can be read like a signature. */
function storedType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.byteLength, LOCAL_BYTES + TYPE_ENTRY.length + LONGEST_TYPE),
  )
  const start = LOCAL_BYTES + TYPE_ENTRY.length
  if (head.length < start || head.readUInt16LE(8) !== 0 || head.toString('latin1', LOCAL_BYTES, start) !== TYPE_ENTRY)
    return undefined
  const extraBytes = head.readUInt16LE(28)
  const sizeBytes = Math.min(head.readUInt32LE(22), LONGEST_TYPE)
  const type = head.toString('latin1', start + extraBytes, start + extraBytes + sizeBytes).trim()
  return type === '' ? undefined : type.replace(/-template$/, '')
}

function typeByFolder(bytes: Uint8Array): string | undefined {
  try {
    const names = [...openArchive(bytes, '', Number.POSITIVE_INFINITY).keys()]
    if (!names.includes('[Content_Types].xml')) return undefined
    return FOLDERS.find(([folder]) => names.some((name) => name.startsWith(folder)))?.[1]
  } catch {
    return undefined
  }
}
