/** From a case to the JSON that a service expects, and from its answer to a reply. Knows placeholders and dotted paths; knows no service. */
import type { TargetRequest } from './target-exchange.ts'

/**
 * `{{question}}`, `{{history}}`, `{{messages}}` (chat messages: earlier questions, then the question), `{{as}}`, `{{case}}`,
 * `{{repeat}}`, `{{vars.NAME}}`. A text that is one placeholder becomes its value, otherwise the value stands in the text.
 */
export function fillTemplate(template: unknown, request: TargetRequest): unknown {
  const values = {
    ...request,
    messages: [...request.history, request.question].map((content) => ({ role: 'user', content })),
  }
  return fill(template, values)
}

const WHOLE = /^\{\{([\w.-]+)\}\}$/
const PART = /\{\{([\w.-]+)\}\}/g

function fill(template: unknown, values: unknown): unknown {
  if (Array.isArray(template)) return template.map((each: unknown) => fill(each, values))
  if (template !== null && typeof template === 'object')
    return Object.fromEntries(Object.entries(template).map(([key, each]) => [key, fill(each, values)]))
  if (typeof template !== 'string') return template
  const whole = WHOLE.exec(template)?.[1]
  if (whole !== undefined) return valueAt(values, whole) ?? null
  return template.replace(PART, (_, path: string) => asText(valueAt(values, path)))
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

/** @param path such as `choices.0.message.content` */
export function valueAt(document: unknown, path: string): unknown {
  let value = document
  for (const step of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return value
}
