/** Reads objects of a repository by their hash through one git process. Nothing is converted on the way: no filter, no textconv. */
import { once } from 'node:events'
import type { Git } from './git-command.ts'

export interface GitObjects {
  /** @returns nothing when there is no such object @throws when git ends */
  read(object: string): Promise<Uint8Array | undefined>
  /** Ends the process; the next read starts another. */
  close(): Promise<void>
}

export function createGitObjects(git: Git): GitObjects {
  let opened: { readonly child: ReturnType<Git['start']>; readonly answers: ByteReader } | undefined
  // The process answers in turn.
  let turn: Promise<unknown> = Promise.resolve()
  const open = (): NonNullable<typeof opened> => {
    const child = git.start(['cat-file', '--batch'])
    // Told by the end of its output; without a listener it would end this process.
    child.on('error', () => {})
    child.stdin.on('error', () => {})
    return { child, answers: createByteReader(child.stdout) }
  }
  async function readNext(object: string): Promise<Uint8Array | undefined> {
    opened ??= open()
    const { child, answers } = opened
    try {
      child.stdin.write(`${object}\n`)
      const [, type, size] = (await answers.line()).split(' ')
      if (type === 'missing') return undefined
      const bytes = await answers.take(Number(size))
      await answers.take(1)
      return bytes
    } catch (error) {
      opened = undefined
      child.kill()
      throw error
    }
  }
  return {
    read: (object) => {
      const mine = turn.then(() => readNext(object))
      turn = mine.catch(() => {})
      return mine
    },
    close: async () => {
      await turn
      const ending = opened?.child
      opened = undefined
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
      const ended = once(ending, 'close')
      ending.stdin.end()
      ending.stdout.resume()
      await ended
    },
  }
}

interface ByteReader {
  line(): Promise<string>
  take(count: number): Promise<Uint8Array>
}

function createByteReader(stream: AsyncIterable<Buffer>): ByteReader {
  const chunks = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  const more = async (): Promise<Buffer> => {
    const next = await chunks.next()
    if (next.done === true) throw new RangeError('git ended before its answer did')
    return next.value
  }
  return {
    line: async () => {
      while (!rest.includes(10)) rest = Buffer.concat([rest, await more()])
      const end = rest.indexOf(10)
      const line = rest.subarray(0, end).toString()
      rest = rest.subarray(end + 1)
      return line
    },
    take: async (count) => {
      const parts = [rest]
      let length = rest.length
      while (length < count) {
        const next = await more()
        parts.push(next)
        length += next.length
      }
      const all = Buffer.concat(parts)
      rest = all.subarray(count)
      return all.subarray(0, count)
    },
  }
}
