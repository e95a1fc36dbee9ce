/** Reads JSON as it is written: keys in their order, numbers with every digit, repeated keys all. Knows syntax; knows nothing of documents. */

export type JsonValue = JsonLeaf | JsonList | JsonRecord

export interface JsonLeaf {
  readonly kind: 'leaf'
  /** A string's characters, or the source text of a number, true, false or null. */
  readonly text: string
}
export interface JsonList {
  readonly kind: 'list'
  readonly items: readonly JsonValue[]
}
export interface JsonRecord {
  readonly kind: 'record'
  readonly entries: readonly (readonly [key: string, value: JsonValue])[]
}

/** Deeper nesting is an attack or a defect; readers of the value walk it by recursion. */
const MAX_DEPTH = 200

const SPACE = /[ \t\n\r]*/y
const STRING = /"(?:[^"\\]|\\.)*"/y
const LITERAL = /[^\s,\]}]+/y

/** @throws SyntaxError with the place, RangeError when it is nested deeper than 200 levels */
export function readJson(source: string): JsonValue {
  // Says exactly what is wrong and where; the reading below then meets only sound JSON.
  JSON.parse(source)
  return new JsonReader(source).readValue(0)
}

class JsonReader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  readValue(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new RangeError('Maximum call stack size: JSON is nested too deeply')
    this.#take(SPACE)
    const first = this.#source[this.#at]
    if (first === '{') return { kind: 'record', entries: this.#readItems('}', () => this.#readEntry(depth)) }
    if (first === '[') return { kind: 'list', items: this.#readItems(']', () => this.readValue(depth + 1)) }
    return { kind: 'leaf', text: first === '"' ? this.#readString() : this.#take(LITERAL) }
  }

  #readItems<Item>(end: string, readItem: () => Item): readonly Item[] {
    const items: Item[] = []
    this.#at++
    this.#take(SPACE)
    while (this.#source[this.#at] !== end) {
      items.push(readItem())
      this.#take(SPACE)
      if (this.#source[this.#at] === ',') this.#at++
      this.#take(SPACE)
    }
    this.#at++
    return items
  }

  #readEntry(depth: number): readonly [string, JsonValue] {
    const key = this.#readString()
    this.#take(SPACE)
    this.#at++
    return [key, this.readValue(depth + 1)]
  }

  #readString(): string {
    const text: unknown = JSON.parse(this.#take(STRING))
    return String(text)
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)?.[0] ?? ''
    this.#at += found.length
    return found
  }
}
