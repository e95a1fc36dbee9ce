/** Attributes by the names that clients write: any case, with or without a schema. Knows the schemas; knows no resource. */
import {
  commonAttributes,
  ENTERPRISE_SCHEMA,
  GROUP_SCHEMA,
  PRINCIPAL_SCHEMA,
  type ScimAttribute,
  scimSchemas,
  USER_SCHEMA,
} from './schemas.data.ts'

export type Json = Readonly<Record<string, unknown>>

/** Where an attribute stands: in the resource itself, or in the object of an extension. */
export interface AttributePlace {
  readonly extension?: string
  readonly name: string
  /** Absent for a name that no schema has. */
  readonly attribute?: ScimAttribute
}

const EXTENSIONS: readonly string[] = [ENTERPRISE_SCHEMA, PRINCIPAL_SCHEMA]
const CORES: readonly string[] = [USER_SCHEMA, GROUP_SCHEMA]

/** @param path a name, or a schema and a name; without sub-attribute. Names that no schema has stay as they are written */
export function placeOf(path: string): AttributePlace {
  const lower = path.toLowerCase()
  for (const schema of EXTENSIONS) {
    if (lower === schema.toLowerCase()) return { name: schema }
    if (!lower.startsWith(`${schema.toLowerCase()}:`)) continue
    const attribute = attributeNamed(path.slice(schema.length + 1), attributesOf(schema))
    return { extension: schema, name: attribute?.name ?? path.slice(schema.length + 1), ...(attribute && { attribute }) }
  }
  const core = CORES.find((schema) => lower.startsWith(`${schema.toLowerCase()}:`))
  const name = core === undefined ? path : path.slice(core.length + 1)
  const attribute = attributeNamed(name, [...commonAttributes, ...CORES.flatMap(attributesOf)])
  return { name: attribute?.name ?? name, ...(attribute && { attribute }) }
}

export function subAttributeOf(attribute: ScimAttribute | undefined, name: string): ScimAttribute | undefined {
  return attributeNamed(name, attribute?.subAttributes ?? [])
}

export function attributesOf(schema: string): readonly ScimAttribute[] {
  return scimSchemas.find(({ id }) => id === schema)?.attributes ?? []
}

function attributeNamed(name: string, attributes: readonly ScimAttribute[]): ScimAttribute | undefined {
  const lower = name.toLowerCase()
  return attributes.find((attribute) => attribute.name.toLowerCase() === lower)
}

export function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Microsoft Entra sends booleans as "True" and "False". */
export function coerced(value: unknown, attribute: ScimAttribute | undefined): unknown {
  if (value === undefined || value === null) return value
  if (attribute?.type === 'boolean' && typeof value === 'string' && /^(?:true|false)$/i.test(value)) return /^true$/i.test(value)
  if (attribute?.type !== 'complex') return value
  if (Array.isArray(value)) return value.map((each: unknown) => coerced(each, attribute))
  if (!isObject(value)) return attribute.multiValued ? { value } : value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      const sub = subAttributeOf(attribute, name)
      return [sub?.name ?? name, coerced(part, sub)]
    }),
  )
}
