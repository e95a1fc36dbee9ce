/** Lists what an OLE compound file holds at its top. Knows sectors and directory entries; reads no stream. Source: [MS-CFB]. */

const SIGNATURE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
const HEADER_BYTES = 512
const ENTRY_BYTES = 128
const NAME_BYTES = 64
const HEADER_TABLES = 109
const LARGEST_SECTOR = 0xfffffffa
const NO_ENTRY = 0xffffffff
/** Sectors of the directory that are looked at: office files have a few; more is an attack or a damaged chain. */
const MAX_SECTORS = 4096

export function isOleFile(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte)
}

/** @returns the names of the streams and storages directly below the root; fewer or none when the file is damaged */
export function topOleNames(bytes: Uint8Array): readonly string[] {
  if (bytes.length < HEADER_BYTES) return []
  const directory = readDirectory(bytes)
  const names: string[] = []
  const seen = new Set<number>()
  // Siblings form a tree below the root's child: left, right.
  const open = [directory[0]?.child ?? NO_ENTRY]
  while (open.length > 0) {
    const index = open.pop() ?? NO_ENTRY
    const entry = directory[index]
    if (entry === undefined || seen.has(index)) continue
    seen.add(index)
    names.push(entry.name)
    open.push(entry.left, entry.right)
  }
  return names
}

interface DirectoryEntry {
  readonly name: string
  readonly left: number
  readonly right: number
  readonly child: number
}

function readDirectory(bytes: Uint8Array): readonly DirectoryEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sectorBytes = view.getUint16(30, true) === 12 ? 4096 : 512
  const entries: DirectoryEntry[] = []
  let sector = view.getUint32(48, true)
  for (let count = 0; count < MAX_SECTORS && sector <= LARGEST_SECTOR; count++) {
    const start = (sector + 1) * sectorBytes
    if (start + sectorBytes > bytes.length) break
    for (let at = start; at < start + sectorBytes; at += ENTRY_BYTES) entries.push(readEntry(bytes, view, at))
    sector = nextSector(view, sector, sectorBytes)
  }
  return entries
}

function nextSector(view: DataView, sector: number, sectorBytes: number): number {
  const perSector = sectorBytes / 4
  const table = tableSector(view, Math.floor(sector / perSector), sectorBytes)
  const at = (table + 1) * sectorBytes + (sector % perSector) * 4
  return table > LARGEST_SECTOR || at + 4 > view.byteLength ? NO_ENTRY : view.getUint32(at, true)
}

/** The header lists the first 109 sectors of the allocation table; further lists are chained. */
function tableSector(view: DataView, index: number, sectorBytes: number): number {
  if (index < HEADER_TABLES) return view.getUint32(76 + index * 4, true)
  const perList = sectorBytes / 4 - 1
  let left = index - HEADER_TABLES
  let list = view.getUint32(68, true)
  for (let count = 0; count < MAX_SECTORS; count++) {
    const start = (list + 1) * sectorBytes
    if (list > LARGEST_SECTOR || start + sectorBytes > view.byteLength) return NO_ENTRY
    if (left < perList) return view.getUint32(start + left * 4, true)
    left -= perList
    list = view.getUint32(start + perList * 4, true)
  }
  return NO_ENTRY
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): DirectoryEntry {
  const nameBytes = Math.min(Math.max(0, view.getUint16(at + NAME_BYTES, true) - 2), NAME_BYTES)
  return {
    name: new TextDecoder('utf-16le').decode(bytes.subarray(at, at + nameBytes)),
    left: view.getUint32(at + 68, true),
    right: view.getUint32(at + 72, true),
    child: view.getUint32(at + 76, true),
  }
}
