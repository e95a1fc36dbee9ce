/** Hashes that name content. Knows nothing of what is hashed. */
import { createHash } from 'node:crypto'

/** @returns the first 32 hex digits (128 bits) of SHA-256: enough to name content, short enough to read. */
export function contentHash(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    // Lengths keep ('ab', 'c') and ('a', 'bc') apart.
    hash.update(`${part.length}:`)
    hash.update(part)
  }
  return hash.digest('hex').slice(0, 32)
}

/** JSON with sorted keys, so that equal data has equal text. Undefined members are left out, as in JSON.stringify. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)))
      : part,
  )
}
