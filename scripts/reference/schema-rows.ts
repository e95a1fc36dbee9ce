/** The fields of a zod schema as rows: name, type, default, meaning. Knows the JSON Schema that zod writes; knows no particular schema. */
import { z } from 'zod'
import { code, table } from './page.ts'

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
}

/** Nested fields follow the field that holds them, as `outer.inner`; the names of a map stand as `NAME`. */
export function schemaTable(schema: z.ZodType, prefix = ''): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return table(['field', 'type', 'default', 'meaning'], fieldRows(json, prefix))
}

function fieldRows(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`
    const isRequired = schema.required?.includes(name) === true
    const row = [code(path), typeOf(field), defaultOf(field, isRequired), field.description ?? '']
    const { additionalProperties: entry } = field
    const entries = typeof entry === 'object' && entry.properties !== undefined ? fieldRows(entry, `${path}.NAME.`) : []
    return [row, ...fieldRows(field, `${path}.`), ...entries]
  })
}

function typeOf(field: JsonSchema): string {
  if (field.enum !== undefined) return field.enum.map((value) => code(JSON.stringify(value))).join(' or ')
  if (field.const !== undefined) return code(JSON.stringify(field.const))
  if (Array.isArray(field.type)) return field.type.map((type: string) => typeOf({ type })).join(' or ')
  if (field.anyOf !== undefined) return [...new Set(field.anyOf.map(typeOf))].join(' or ')
  switch (field.type) {
    case 'array':
      return `list of ${field.items === undefined ? 'values' : typeOf(field.items)}`
    case 'object':
      return typeof field.additionalProperties === 'object' ? 'map' : 'object'
    case 'integer':
    case 'number':
      return (field.type === 'integer' ? 'whole number' : 'number') + rangeOf(field)
    default:
      return field.format === 'uri' ? 'URL' : field.type === 'string' ? 'text' : String(field.type ?? 'any')
  }
}

function rangeOf({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const above = type === 'integer' ? (exclusiveMinimum ?? Number.NaN) + 1 : `more than ${exclusiveMinimum}`
  const lower = minimum ?? (exclusiveMinimum === undefined ? undefined : above)
  const upper = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (lower === undefined || lower === Number.MIN_SAFE_INTEGER) return upper === undefined ? '' : `, at most ${upper}`
  if (upper !== undefined) return `, ${lower} to ${upper}`
  return typeof lower === 'string' ? `, ${lower}` : `, at least ${lower}`
}

/** Defaults of objects are those of their fields, which have rows of their own. */
function defaultOf(field: JsonSchema, isRequired: boolean): string {
  if (isRequired) return 'required'
  const isPlain = typeof field.default !== 'object' || Array.isArray(field.default)
  return field.default === undefined || !isPlain ? '' : code(JSON.stringify(field.default))
}
