/** One large JSON document, read without holding it: elements of the named lists one at a time, the rest as what remains. Knows no format. */
import { createReadStream } from 'node:fs'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { invalidFile, withoutByteOrderMark } from './exchange-file.ts'
import { parsePythonJson } from './python-json.ts'

/** @param where `results.results[17]` */
export type ElementHandler = (element: unknown, where: string) => void

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const SPACE = 0x20
/** Deeper than any list that is asked for; keys further down are not kept. */
const KEYS_TO_DEPTH = 4

/**
 * @param lists paths of lists, `results.results`: their elements go to `onElement` and are left out of what is returned
 * @throws TouchstoneError RUN_FILE_INVALID naming the path at which the document ends early or is no JSON
 */
export async function readJsonElements(path: string, lists: readonly string[], onElement: ElementHandler): Promise<unknown> {
  const scanner = new ElementScanner(path, new Set(lists), onElement)
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) scanner.push(chunk as Buffer)
  return scanner.end()
}

class ElementScanner {
  readonly #path: string
  readonly #lists: ReadonlySet<string>
  readonly #onElement: ElementHandler
  /** From the first byte that is still needed. */
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #depth = 0
  #inString = false
  #stringStart = 0
  #expectsKey = false
  readonly #keys: string[] = []
  /** Depth of the wanted list that is being read, or 0. */
  #listDepth = 0
  #list = ''
  #count = 0
  #elementStart = -1
  readonly #rest: string[] = []

  constructor(path: string, lists: ReadonlySet<string>, onElement: ElementHandler) {
    this.#path = path
    this.#lists = lists
    this.#onElement = onElement
  }

  push(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    while (this.#at < this.#bytes.length) {
      if (this.#inString) {
        if (!this.#finishString()) break
      } else this.#step(this.#bytes[this.#at] ?? SPACE)
    }
    this.#release()
  }

  end(): unknown {
    if (this.#depth > 0 || this.#inString) throw invalidFile(this.#path, `it is cut off ${this.#place()}`)
    this.#rest.push(this.#bytes.toString('utf8'))
    try {
      return parsePythonJson(withoutByteOrderMark(this.#rest.join('')))
    } catch (error) {
      throw invalidFile(this.#path, `it is no JSON: ${messageOf(error)}`, error)
    }
  }

  /** Goes to the closing quote, or to the end of what has come. */
  #finishString(): boolean {
    for (;;) {
      const quote = this.#bytes.indexOf(QUOTE, this.#at)
      if (quote < 0) {
        this.#at = this.#bytes.length
        return false
      }
      let slashes = 0
      while (this.#bytes[quote - 1 - slashes] === BACKSLASH) slashes++
      this.#at = quote + 1
      if (slashes % 2 === 1) continue
      this.#inString = false
      if (this.#expectsKey && this.#depth <= KEYS_TO_DEPTH && this.#listDepth === 0)
        this.#keys[this.#depth] = this.#bytes.toString('utf8', this.#stringStart, quote)
      return true
    }
  }

  #step(byte: number): void {
    if (byte <= SPACE) {
      this.#at++
      return
    }
    if (this.#listDepth === this.#depth && this.#listDepth > 0 && this.#elementStart < 0 && byte !== COMMA && byte !== CLOSE_LIST)
      this.#beginElement()
    switch (byte) {
      case QUOTE:
        this.#inString = true
        this.#stringStart = this.#at + 1
        break
      case OPEN_OBJECT:
        this.#depth++
        this.#keys[this.#depth] = ''
        this.#expectsKey = true
        break
      case OPEN_LIST:
        this.#openList()
        break
      case CLOSE_OBJECT:
        this.#depth--
        break
      case CLOSE_LIST:
        this.#closeList()
        break
      case COLON:
        this.#expectsKey = false
        break
      case COMMA:
        this.#comma()
        break
    }
    this.#at++
  }

  #openList(): void {
    this.#depth++
    this.#expectsKey = false
    if (this.#listDepth > 0 || this.#depth > KEYS_TO_DEPTH) return
    this.#keys[this.#depth] = '[]'
    const name = this.#keys.slice(1, this.#depth).join('.')
    if (!this.#lists.has(name)) return
    this.#listDepth = this.#depth
    this.#list = name
    this.#count = 0
  }

  #closeList(): void {
    if (this.#listDepth > 0 && this.#listDepth === this.#depth) {
      this.#endElement()
      this.#listDepth = 0
    }
    this.#depth--
  }

  #comma(): void {
    if (this.#listDepth > 0 && this.#listDepth === this.#depth) this.#endElement(true)
    this.#expectsKey = this.#listDepth === 0 && this.#keys[this.#depth] !== '[]'
  }

  #beginElement(): void {
    this.#rest.push(this.#bytes.toString('utf8', 0, this.#at))
    this.#bytes = this.#bytes.subarray(this.#at)
    this.#at = 0
    this.#elementStart = 0
  }

  #endElement(dropsComma = false): void {
    if (this.#elementStart < 0) return
    const where = `${this.#list}[${this.#count}]`
    this.#onElement(this.#parse(this.#bytes.toString('utf8', 0, this.#at), where), where)
    this.#count++
    this.#elementStart = -1
    this.#bytes = this.#bytes.subarray(this.#at + (dropsComma ? 1 : 0))
    this.#at = dropsComma ? -1 : 0
  }

  #parse(text: string, where: string): unknown {
    try {
      return parsePythonJson(text)
    } catch (error) {
      throw invalidFile(this.#path, `${where} is no JSON: ${messageOf(error)}`, error)
    }
  }

  /** What lies outside of elements and was read goes to the rest, so that only a part of the document is held. */
  #release(): void {
    if (this.#elementStart >= 0 || this.#inString || this.#at < 1 << 16) return
    this.#rest.push(this.#bytes.toString('utf8', 0, this.#at))
    this.#bytes = this.#bytes.subarray(this.#at)
    this.#at = 0
  }

  #place(): string {
    if (this.#listDepth > 0) return `in ${this.#list}[${this.#count}]`
    const keys = this.#keys.slice(1, Math.min(this.#depth, KEYS_TO_DEPTH) + 1).filter((key) => key !== '')
    return keys.length === 0 ? 'before it says anything' : `at ${keys.join('.')}`
  }
}
