/** Builds a small OLE compound file for tests: a directory with empty streams. Knows no parser. Source: [MS-CFB]. */

const SECTOR_BYTES = 512
const NONE = 0xffffffff
const END_OF_CHAIN = 0xfffffffe
const TABLE_SECTOR = 0xfffffffd

/** @param streams names directly below the root */
export function buildOleFile(streams: readonly string[]): Uint8Array {
  const directorySectors = Math.ceil((streams.length + 1) / 4)
  const file = Buffer.alloc(SECTOR_BYTES * (2 + directorySectors))
  file.set(Buffer.from('d0cf11e0a1b11ae1', 'hex'))
  file.writeUInt16LE(3, 26)
  file.writeUInt16LE(0xfffe, 28)
  file.writeUInt16LE(9, 30)
  file.writeUInt32LE(1, 44)
  file.writeUInt32LE(1, 48)
  file.writeUInt32LE(END_OF_CHAIN, 60)
  file.writeUInt32LE(END_OF_CHAIN, 68)
  file.fill(0xff, 76, SECTOR_BYTES)
  file.writeUInt32LE(0, 76)
  file.fill(0xff, SECTOR_BYTES, 2 * SECTOR_BYTES)
  file.writeUInt32LE(TABLE_SECTOR, SECTOR_BYTES)
  for (let sector = 1; sector <= directorySectors; sector++)
    file.writeUInt32LE(sector === directorySectors ? END_OF_CHAIN : sector + 1, SECTOR_BYTES + sector * 4)
  const first = 2 * SECTOR_BYTES
  writeEntry(file, first, 'Root Entry', 5, NONE, streams.length > 0 ? 1 : NONE)
  for (const [index, name] of streams.entries())
    writeEntry(file, first + (index + 1) * 128, name, 2, index + 2 <= streams.length ? index + 2 : NONE, NONE)
  return file
}

function writeEntry(file: Buffer, at: number, name: string, type: number, right: number, child: number): void {
  file.write(name, at, 'utf16le')
  file.writeUInt16LE(name.length * 2 + 2, at + 64)
  file.writeUInt8(type, at + 66)
  file.writeUInt32LE(NONE, at + 68)
  file.writeUInt32LE(right, at + 72)
  file.writeUInt32LE(child, at + 76)
}
