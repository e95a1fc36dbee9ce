/** The members of a ZIP archive as they come, stored, deflated or compressed by Zstandard. Knows no format of what is inside. */
import { createReadStream } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import { Unzip, UnzipInflate, type AsyncFlateStreamHandler, type UnzipDecoder, type UnzipFile } from 'fflate'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { invalidFile } from './exchange-file.ts'

/** A member larger than this is no record of an evaluation. */
const MEMBER_LIMIT_BYTES = 1 << 30

class UnzipZstandard implements UnzipDecoder {
  static readonly compression = 93
  ondata: AsyncFlateStreamHandler = () => undefined
  readonly #chunks: Uint8Array[] = []

  push(chunk: Uint8Array, final: boolean): void {
    this.#chunks.push(chunk.slice())
    if (!final) return
    try {
      this.ondata(null, zstdDecompressSync(Buffer.concat(this.#chunks), { maxOutputLength: MEMBER_LIMIT_BYTES }), true)
    } catch (error) {
      this.ondata(Object.assign(new TypeError(messageOf(error)), { code: 0 }), new Uint8Array(), true)
    }
  }
}

/**
 * @param wants which members are read; the others are skipped without being decompressed
 * @param onMember called with each member's whole text, in the order of the archive
 * @throws TouchstoneError RUN_FILE_INVALID when the archive ends early or a member is damaged
 */
export async function readZipMembers(
  path: string,
  wants: (name: string) => boolean,
  onMember: (name: string, text: string) => void,
): Promise<void> {
  let open = 0
  const reader = new Unzip((member) => {
    if (!wants(member.name)) return
    open++
    collectMember(path, member, (text) => {
      open--
      onMember(member.name, text)
    })
  })
  reader.register(UnzipInflate)
  reader.register(UnzipZstandard)
  let last: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes = chunk as Buffer
    reader.push(bytes, false)
    last = Buffer.concat([last.subarray(-END_BYTES), bytes])
  }
  if (open > 0 || last.lastIndexOf(END_OF_DIRECTORY) < 0) throw invalidFile(path, 'the archive is cut off')
}

/** The last record of every archive, and how far from the end it may stand: its own 22 bytes and a comment. */
const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 0x05, 0x06])
const END_BYTES = 65_557

function collectMember(path: string, member: UnzipFile, onText: (text: string) => void): void {
  const chunks: Uint8Array[] = []
  member.ondata = (error, chunk, final) => {
    if (error !== null) throw invalidFile(path, `${member.name} is damaged: ${messageOf(error)}`, error)
    chunks.push(chunk)
    if (final) onText(Buffer.concat(chunks).toString('utf8'))
  }
  member.start()
}
