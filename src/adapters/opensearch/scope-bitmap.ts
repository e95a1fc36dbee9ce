/** A set of scopes as a Roaring bitmap, which OpenSearch takes as a filter: 100,000 scopes are 16 kB instead of 700 kB. Knows the format only. */

/** In the portable format: no runs. */
const COOKIE = 12_346
/** Up to here a container lists its values; beyond, it is a bitmap of 65,536 bits. */
const MOST_LISTED = 4_096
const BITMAP_BYTES = 8_192

/**
 * Base64 of the serialised bitmap.
 * @param values whole numbers from 0 to 2^32 - 1, in any order; repeats count once
 * Source: Roaring bitmap format specification (RoaringBitmap/RoaringFormatSpec).
 */
export function encodeScopes(values: Iterable<number>): string {
  const sorted = Uint32Array.from(new Set(values)).sort()
  const containers = containersOf(sorted)
  const header = 8 + containers.length * 8
  const bytes = Buffer.alloc(containers.reduce((sum, container) => sum + sizeOf(container), header))
  bytes.writeUInt32LE(COOKIE, 0)
  bytes.writeUInt32LE(containers.length, 4)
  let offset = header
  for (const [place, container] of containers.entries()) {
    bytes.writeUInt16LE((container[0] ?? 0) >>> 16, 8 + place * 4)
    bytes.writeUInt16LE(container.length - 1, 10 + place * 4)
    bytes.writeUInt32LE(offset, 8 + containers.length * 4 + place * 4)
    writeContainer(bytes, offset, container)
    offset += sizeOf(container)
  }
  return bytes.toString('base64')
}

/** One part for each value of the upper 16 bits. */
function containersOf(sorted: Uint32Array): Uint32Array[] {
  const containers: Uint32Array[] = []
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const key = (sorted[start] ?? 0) >>> 16
    while (end < sorted.length && (sorted[end] ?? 0) >>> 16 === key) end++
    containers.push(sorted.subarray(start, end))
  }
  return containers
}

function sizeOf(container: Uint32Array): number {
  return container.length <= MOST_LISTED ? container.length * 2 : BITMAP_BYTES
}

function writeContainer(bytes: Buffer, offset: number, container: Uint32Array): void {
  for (const [place, value] of container.entries()) {
    const low = value & 0xffff
    if (container.length <= MOST_LISTED) bytes.writeUInt16LE(low, offset + place * 2)
    else {
      const at = offset + (low >>> 3)
      bytes.writeUInt8(bytes.readUInt8(at) | (1 << (low & 7)), at)
    }
  }
}
