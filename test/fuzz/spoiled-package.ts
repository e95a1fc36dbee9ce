/** Spoils archives where it hurts: inside their parts, packed anew, since checksums stop most damage from outside. Runs nothing. */
import { unzipSync, zipSync } from 'fflate'
import type { FuzzInput } from './fuzz-target.ts'
import { mutate } from './mutation.ts'
import type { Random } from './random.ts'

/** The parts that parsers read. */
const TEXT_PART = /\.(?:xml|rels|xhtml|html|opf|ncx)$/
/** Of ten archives, so many are spoiled inside. */
const INSIDE = 7

/** @returns nothing for inputs that are no archive */
export function spoiledPackage(input: FuzzInput, random: Random): FuzzInput | undefined {
  if (Buffer.from(input.bytes.subarray(0, 4)).toString('latin1') !== 'PK\u0003\u0004' || random.below(10) >= INSIDE)
    return undefined
  const entries = unzipped(input.bytes)
  const names = Object.keys(entries).filter((name) => TEXT_PART.test(name))
  if (names.length === 0) return undefined
  const [name, other] = [random.pick(names), random.pick(names)]
  const spoiled = { ...entries, [name]: mutate(entries[name] ?? new Uint8Array(), entries[other] ?? new Uint8Array(), random) }
  // Always the same bytes for the same seed.
  return { ...input, bytes: zipSync(spoiled, { level: 0, mtime: '2026-01-01' }) }
}

function unzipped(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes)
  } catch {
    return {}
  }
}
