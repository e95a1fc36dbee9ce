/** Filters and paths of SCIM (RFC 7644, 3.4.2.2 and 3.5.2) from text to a tree. Knows their grammar; knows no attribute. */
import { type ScimErrorType, scimError } from './scim-error.ts'

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

/** `name` may begin with a schema; `sub` is what follows the dot. */
export interface AttributePath {
  readonly name: string
  readonly sub?: string
}

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'present'; readonly path: AttributePath }
  | { readonly kind: 'compare'; readonly path: AttributePath; readonly operator: Operator; readonly value: FilterValue }
  /** `emails[type eq "work"]`: some element satisfies the filter. */
  | { readonly kind: 'element'; readonly path: AttributePath; readonly of: Filter }
export type FilterValue = string | number | boolean | null

/** `members[value eq "x"].display` of a PATCH. */
export interface PatchPath extends AttributePath {
  readonly filter?: Filter
}

const LONGEST = 10_000
const DEEPEST = 50
const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])
/** Parentheses and brackets, JSON strings, and words (attribute paths, operators, numbers, literals). */
const TOKEN = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/suy
const PATH = /^(?:(urn:[\w.:-]+):)?([a-z$][\w$-]*)(?:\.([a-z$][\w$-]*))?$/i

/** @throws TouchstoneError DIRECTORY_VALUE_INVALID of the type invalidFilter */
export function parseFilter(text: string): Filter {
  const reader = new FilterReader(text, 'invalidFilter')
  const filter = reader.filter(0)
  reader.end()
  return filter
}

/** @throws TouchstoneError DIRECTORY_VALUE_INVALID of the type invalidPath */
export function parsePatchPath(text: string): PatchPath {
  const reader = new FilterReader(text, 'invalidPath')
  const path = reader.patchPath()
  reader.end()
  return path
}

class FilterReader {
  readonly #tokens: readonly string[]
  readonly #type: ScimErrorType
  #at = 0

  constructor(text: string, type: ScimErrorType) {
    this.#type = type
    this.#tokens = this.#split(text)
  }

  /** or binds weaker than and, and than not. */
  filter(depth: number): Filter {
    if (depth > DEEPEST) throw this.#problem(`it is nested deeper than ${DEEPEST}`)
    let left = this.#conjunction(depth)
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#conjunction(depth) }
    return left
  }

  patchPath(): PatchPath {
    const path = this.#path(this.#next())
    if (!this.#take('[')) return path
    if (path.sub !== undefined) throw this.#problem('a filter stands before the dot')
    const filter = this.filter(1)
    this.#require(']')
    const rest = this.#peek()
    if (rest === undefined) return { ...path, filter }
    const sub = /^\.([a-z$][\w$-]*)$/i.exec(this.#next())?.[1]
    if (sub === undefined) throw this.#problem(`"${rest}" is no sub-attribute`)
    return { ...path, filter, sub }
  }

  end(): void {
    const rest = this.#peek()
    if (rest !== undefined) throw this.#problem(`"${rest}" is one too many`)
  }

  #conjunction(depth: number): Filter {
    let left = this.#factor(depth)
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#factor(depth) }
    return left
  }

  #factor(depth: number): Filter {
    if (this.#peek()?.toLowerCase() === 'not' && this.#tokens[this.#at + 1] === '(') {
      this.#at++
      return { kind: 'not', of: this.#group(depth) }
    }
    return this.#peek() === '(' ? this.#group(depth) : this.#expression(depth)
  }

  #group(depth: number): Filter {
    this.#require('(')
    const inner = this.filter(depth + 1)
    this.#require(')')
    return inner
  }

  #expression(depth: number): Filter {
    const path = this.#path(this.#next())
    if (this.#take('[')) {
      const of = this.filter(depth + 1)
      this.#require(']')
      return { kind: 'element', path, of }
    }
    const operator = this.#next().toLowerCase()
    if (operator === 'pr') return { kind: 'present', path }
    if (!OPERATORS.has(operator)) throw this.#problem(`"${operator}" is no operator`)
    return { kind: 'compare', path, operator: operator as Operator, value: this.#value(this.#next()) }
  }

  #path(token: string): AttributePath {
    const [whole, schema, name = '', sub] = PATH.exec(token) ?? []
    if (whole === undefined) throw this.#problem(`"${token}" is no attribute`)
    return { name: schema === undefined ? name : `${schema}:${name}`, ...(sub === undefined ? {} : { sub }) }
  }

  #value(token: string): FilterValue {
    try {
      const value: unknown = JSON.parse(/^(?:true|false|null)$/i.test(token) ? token.toLowerCase() : token)
      if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as FilterValue
    } catch {
      // Told below, like a value of the wrong kind.
    }
    throw this.#problem(`"${token}" is no value; strings stand in double quotes`)
  }

  #split(text: string): string[] {
    if (text.length > LONGEST) throw this.#problem(`it is longer than ${LONGEST} characters`)
    const tokens: string[] = []
    TOKEN.lastIndex = 0
    for (let end = 0; text.slice(end).trim() !== ''; end = TOKEN.lastIndex) {
      const [, mark, string, word] = TOKEN.exec(text) ?? []
      const token = mark ?? string ?? word
      if (token === undefined) throw this.#problem('a string is not closed')
      tokens.push(token)
    }
    return tokens
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  #next(): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw this.#problem('it ends too early')
    return token
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #takeWord(word: string): boolean {
    if (this.#peek()?.toLowerCase() !== word) return false
    this.#at++
    return true
  }

  #require(token: string): void {
    if (!this.#take(token)) throw this.#problem(`"${token}" is missing`)
  }

  #problem(reason: string): Error {
    return scimError(this.#type, reason)
  }
}
