/** Whether an answer is JSON that fits a schema. Knows how to ask the validator; knows no schema. */
import { createRequire } from 'node:module'
import type { Ajv, ValidateFunction } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import type { ScorerExtension } from '../../../contracts/evaluation.ts'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { answerText, createMeasure } from './measure.ts'
import { readJson } from './output-json.ts'
import { invalidOptions, parseScorerOptions } from './scorer-options.ts'

const optionsSchema = z.strictObject({ schema: z.union([z.boolean(), z.record(z.string(), z.unknown())]) })
export type JsonSchemaOptions = z.output<typeof optionsSchema>

/** `json_schema`: 1 when the whole answer, a Markdown fence aside, is JSON that the schema (draft 2020-12, or draft 7 where it says so) accepts. */
export const jsonSchemaScorer: ScorerExtension<JsonSchemaOptions> = {
  id: 'json-schema',
  version: 1,
  summary: 'The answer is JSON that fits a schema.',
  parseOptions: (input) => {
    const options = parseScorerOptions('json-schema', optionsSchema, input)
    compile(options)
    return options
  },
  create: (options) => {
    const isValid = compile(options)
    return createMeasure('json_schema', (_testCase, output) => {
      const json = readJson(answerText(output))
      return { json_schema: json !== undefined && isValid(json.value) ? 1 : 0 }
    })
  },
}

/** The validator takes 80 ms to load: only suites that name this scorer pay for it. */
const require = createRequire(import.meta.url)

function compile({ schema }: JsonSchemaOptions): ValidateFunction {
  const isDraft7 = typeof schema === 'object' && /draft-0[67]/.test(String(schema['$schema']))
  const settings = { strict: false, allErrors: false, validateFormats: false } as const
  try {
    if (isDraft7) return new (require('ajv') as { readonly Ajv: typeof Ajv }).Ajv(settings).compile(schema)
    const { Ajv2020: Validator } = require('ajv/dist/2020.js') as { readonly Ajv2020: typeof Ajv2020 }
    return new Validator(settings).compile(schema)
  } catch (error) {
    throw invalidOptions('json-schema', [{ path: 'schema', reason: messageOf(error) }])
  }
}
