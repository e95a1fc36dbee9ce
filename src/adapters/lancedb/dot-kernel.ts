/** Dot products of many int8 rows with one int16 vector, by WebAssembly's SIMD. Knows bytes in a memory; knows nothing of rows' meaning. */

/**
 * The module, assembled by hand: some 16 multiplications in 9 instructions, where JavaScript needs 16 times 6.
 * `dots(slots, count, stride, query, base, out)`: for each of `count` uint32 at `slots`, the dot product of the `stride` int8 values at
 * `base + slot * stride` with the `stride` int16 values at `query`, as int32 at `out`. `stride` is a multiple of 16.
 */
const GET = 0x20
const SET = 0x21
const [SLOTS, COUNT, STRIDE, QUERY, BASE, OUT, ROW, AT, SUM, BYTES] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const I32_CONST = 0x41
const I32_ADD = 0x6a
const I32_MUL = 0x6c
const LOOP = [0x03, 0x40]
const END = 0x0b
const NEXT_TURN = [0x0d, 0x00]
/** With its byte offset; alignment is no promise here. */
const load16 = (offset: number): number[] => [0xfd, 0x00, 0x00, offset]
const V128_ZERO = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)]
const LOW_TO_I16 = [0xfd, 0x87, 0x01]
const HIGH_TO_I16 = [0xfd, 0x88, 0x01]
const DOT_I16 = [0xfd, 0xba, 0x01]
const I32X4_ADD = [0xfd, 0xae, 0x01]
const lane = (number: number): number[] => [GET, SUM, 0xfd, 0x1b, number]

const BODY = [
  // Locals beside the parameters: two int32, two vectors.
  [0x02, 0x02, 0x7f, 0x02, 0x7b],
  LOOP,
  // row = base + slot * stride; sum = 0; at = 0
  [GET, BASE, GET, SLOTS, 0x28, 0x02, 0x00, GET, STRIDE, I32_MUL, I32_ADD, SET, ROW],
  [...V128_ZERO, SET, SUM, I32_CONST, 0x00, SET, AT],
  LOOP,
  [GET, ROW, GET, AT, I32_ADD, ...load16(0), SET, BYTES],
  // sum += low half * query[at..at+8] + high half * query[at+8..at+16]; an int16 takes two bytes
  [GET, SUM],
  [GET, BYTES, ...LOW_TO_I16, GET, QUERY, GET, AT, I32_CONST, 0x01, 0x74, I32_ADD, ...load16(0), ...DOT_I16, ...I32X4_ADD],
  [GET, BYTES, ...HIGH_TO_I16, GET, QUERY, GET, AT, I32_CONST, 0x01, 0x74, I32_ADD, ...load16(16), ...DOT_I16, ...I32X4_ADD],
  [SET, SUM],
  [GET, AT, I32_CONST, 0x10, I32_ADD, 0x22, AT, GET, STRIDE, 0x49, ...NEXT_TURN, END],
  // out = the four lanes; on to the next slot
  [GET, OUT, ...lane(0), ...lane(1), I32_ADD, ...lane(2), I32_ADD, ...lane(3), I32_ADD, 0x36, 0x02, 0x00],
  [GET, SLOTS, I32_CONST, 0x04, I32_ADD, SET, SLOTS, GET, OUT, I32_CONST, 0x04, I32_ADD, SET, OUT],
  [GET, COUNT, I32_CONST, 0x01, 0x6b, 0x22, COUNT, ...NEXT_TURN, END],
  [END],
].flat()

const section = (id: number, ...content: number[]): number[] => [id, ...unsigned(content.length), ...content]
const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)])

const MODULE = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // One type: six int32, no result. One import: memory `m.m`. One function, exported as `d`.
    section(1, 0x01, 0x60, 0x06, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x00),
    section(2, 0x01, 0x01, 0x6d, 0x01, 0x6d, 0x02, 0x00, 0x01),
    section(3, 0x01, 0x00),
    section(7, 0x01, 0x01, 0x64, 0x00, 0x00),
    section(10, 0x01, ...unsigned(BODY.length), ...BODY),
  ].flat(),
)

/** Of WebAssembly as much as is used here: its types come with those of browsers only. */
interface WasmRuntime {
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

export interface WasmMemory {
  /** Another one after each growth. */
  readonly buffer: ArrayBuffer
  /** @param pages of 65,536 bytes */
  grow(pages: number): number
}

const { WebAssembly: runtime } = globalThis as unknown as { readonly WebAssembly: WasmRuntime }

/** @param pages of 65,536 bytes */
export function createWasmMemory(pages: number): WasmMemory {
  return new runtime.Memory({ initial: pages })
}

export type DotKernel = (slots: number, count: number, stride: number, query: number, base: number, out: number) => void

/** @param memory grows as the caller likes; all positions are bytes in it */
export function createDotKernel(memory: WasmMemory): DotKernel {
  const { exports } = new runtime.Instance(new runtime.Module(MODULE), { m: { m: memory } })
  return exports['d'] as DotKernel
}
