/** Randomness: the one place that draws it. Everything else receives an IdSource. */
import { randomBytes } from 'node:crypto'

export interface IdSource {
  /** @returns 26 lower-case characters: 48 bits of time, then 80 random bits; later ids sort later to the millisecond. */
  next(nowMs: number): string
  bytes(count: number): Uint8Array
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

export const systemIds: IdSource = {
  next: (nowMs) => encodeBase32(BigInt(nowMs), 10) + encodeBase32(BigInt(`0x${randomBytes(10).toString('hex')}`), 16),
  bytes: (count) => randomBytes(count),
}

function encodeBase32(value: bigint, length: number): string {
  let text = ''
  let rest = value
  for (let index = 0; index < length; index++) {
    text = (ALPHABET[Number(rest & 31n)] ?? '0') + text
    rest >>= 5n
  }
  return text
}
