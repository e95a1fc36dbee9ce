/** Reads the members of a value that another program wrote: each as the kind it should have, or an error that names its path. */
import { invalidFile } from './exchange-file.ts'

export type PlainObject = Readonly<Record<string, unknown>>

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Absent and null are the same throughout: undefined. Anything of another kind throws TouchstoneError RUN_FILE_INVALID. */
export class Fields {
  readonly path: string
  /** `results.results[17]`, `line 17`. */
  readonly where: string
  readonly raw: PlainObject

  constructor(path: string, where: string, value: unknown) {
    this.path = path
    this.where = where
    if (!isPlainObject(value)) throw invalidFile(path, `${where} is ${kindOf(value)} instead of an object`)
    this.raw = value
  }

  text(name: string): string | undefined {
    const value = this.raw[name] ?? undefined
    return value === undefined || typeof value === 'string' ? value : this.#refuse(name, value, 'a text')
  }

  /** A text, or a number as one. */
  id(name: string): string | undefined {
    const value = this.raw[name] ?? undefined
    if (typeof value === 'number') return String(value)
    return value === undefined || typeof value === 'string' ? value : this.#refuse(name, value, 'a text or a number')
  }

  number(name: string): number | undefined {
    const value = this.raw[name] ?? undefined
    if (value === undefined) return undefined
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#refuse(name, value, 'a number')
  }

  count(name: string): number | undefined {
    const value = this.number(name)
    return value === undefined || (Number.isInteger(value) && value >= 0) ? value : this.#refuse(name, value, 'a whole number')
  }

  object(name: string): Fields | undefined {
    const value = this.raw[name] ?? undefined
    return value === undefined ? undefined : new Fields(this.path, `${this.where}.${name}`, value)
  }

  list(name: string): readonly unknown[] | undefined {
    const value = this.raw[name] ?? undefined
    return value === undefined || Array.isArray(value) ? value : this.#refuse(name, value, 'a list')
  }

  /** The members of a list, each an object. */
  objects(name: string): readonly Fields[] {
    return (this.list(name) ?? []).map((value, index) => new Fields(this.path, `${this.where}.${name}[${index}]`, value))
  }

  required<Value>(value: Value | undefined, name: string): Value {
    if (value === undefined) throw invalidFile(this.path, `${this.where}.${name} is missing`)
    return value
  }

  #refuse(name: string, value: unknown, expected: string): never {
    throw invalidFile(this.path, `${this.where}.${name} is ${kindOf(value)} instead of ${expected}`)
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`
}

/** A member only where there is a value. */
export function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]?: Value })
}
