/** Schemas under a name, tied to the contract they describe. Knows nothing of any route. */
import { z } from 'zod'
import type { DocumentId, PrincipalId, TenantId } from '../../../contracts/identity.ts'
import { PRINCIPAL_NAME } from '../../../foundation/access/principal.ts'

/** Schemas that the OpenAPI document lists under `components`. */
export const namedSchemas = z.registry<{ readonly id: string }>()

/** Lists a schema under a name. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  namedSchemas.add(schema, { id })
  return schema
}

/**
 * Lists a schema that must say the same as a contract: what it lets through is a `Contract`,
 * and a field that the contract gains or loses stops the compiler here.
 */
export function describes<Contract>() {
  return <Schema extends z.ZodType<Contract>>(
    id: string,
    schema: keyof Contract extends keyof z.output<Schema>
      ? keyof z.output<Schema> extends keyof Contract
        ? Schema
        : never
      : never,
  ): Schema => named(id, schema)
}

/** A branded string. */
export function idSchema<Id extends string = DocumentId>(description: string): z.ZodType<Id> {
  return z.string().describe(description) as unknown as z.ZodType<Id>
}

/** Like idSchema, for what arrives: bounded, and not empty. */
export function givenId<Id extends string>(description: string): z.ZodType<Id, string> {
  return z.string().min(1).max(2_000).describe(description) as unknown as z.ZodType<Id, string>
}

export const tenantSchema = idSchema<TenantId>('Tenant')
export const principalSchema = idSchema<PrincipalId>('user:ID, group:ID, service:ID or everyone')

/** What can stand behind `user:` or `group:`. */
export const principalName = z.string().regex(PRINCIPAL_NAME, 'up to 200 characters without white space , ; :')

export const limitOf = (maximum: number, usual: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(1).max(maximum).default(usual)

export const whole = z.number().int()

/** Where in its document something stands; the fields of one kind, where the format has places. */
export const placeShape = {
  part: z.exactOptional(z.string().describe('Part of a message, as IMAP counts: 2 or 2.1')),
  attachment: z.exactOptional(z.string().describe('Name of the attachment of a message')),
  page: z.exactOptional(whole.describe('1-based page of a PDF')),
  slide: z.exactOptional(whole.describe('1-based slide of a presentation')),
  sheet: z.exactOptional(z.string().describe('Sheet of a workbook')),
  cells: z.exactOptional(z.string().describe('Cells of the sheet in A1 notation: B2 or A2:F9')),
}

export const unavailableSchema = z.array(z.string()).readonly().describe('External indexes that did not answer')

/** Path parameter of the routes of a feature. */
export const featureParams = z.strictObject({ feature: givenId('Name of a configured feature, e.g. answers') })

/** Restrictions beyond permissions. */
export const filterSchema = z
  .record(z.string().min(1).max(200), z.string().max(2_000))
  .describe('source, language, path (glob) or any metadata key')
