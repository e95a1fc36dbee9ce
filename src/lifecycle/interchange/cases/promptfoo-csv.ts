/** A row of promptfoo's CSV as a test: `__expected` columns are assertions in one line each, other columns variables. Knows that notation. */
import type { PlainObject } from '../files/fields.ts'
import type { UnsupportedParts } from '../files/unsupported-parts.ts'

const PREFIXES: readonly (readonly [start: string, type: string])[] = [
  ['javascript:', 'javascript'],
  ['fn:', 'javascript'],
  ['eval:', 'javascript'],
  ['python:', 'python'],
  ['grade:', 'llm-rubric'],
  ['llm-rubric:', 'llm-rubric'],
]
const TYPED = /^(not-)?(similar:(?:cosine|dot|euclidean)|[a-z][a-z-]*)(?:\((\d+(?:\.\d+)?)\))?(?::([\s\S]*))?$/
/** A text such as "yes" is a value, and only these words are types. */
const TYPES = new Set(
  (
    'answer-relevance bleu classifier contains contains-all contains-any contains-json contains-sql contains-xml context-faithfulness ' +
    'context-recall context-relevance conversation-relevance cost equals factuality finish-reason g-eval gleu guardrails icontains ' +
    'icontains-all icontains-any is-html is-json is-refusal is-sql is-xml latency levenshtein llm-rubric meteor model-graded-closedqa ' +
    'model-graded-factuality moderation perplexity perplexity-score pi regex rouge-n similar starts-with webhook word-count'
  ).split(' '),
)

/** @returns an assertion as the configuration would have it; a text without a type must be equalled */
export function assertionOfCell(cell: string): PlainObject {
  const prefix = PREFIXES.find(([start]) => cell.startsWith(start))
  if (prefix !== undefined) return { type: prefix[1], value: cell.slice(prefix[0].length).trim() }
  if (/^file:\/\/.*\.py(:\w+)?$/.test(cell)) return { type: 'python', value: cell }
  if (/^file:\/\/.*\.(js|ts|mjs|cjs)(:\w+)?$/.test(cell)) return { type: 'javascript', value: cell }
  const [, negation = '', type = '', threshold, value] = TYPED.exec(cell) ?? []
  if (!TYPES.has(type)) return { type: 'equals', value: cell }
  return { type: `${negation}${type}`, value, ...(threshold === undefined ? {} : { threshold: Number(threshold) }) }
}

/** @param row texts by column */
export function testOfRow(row: PlainObject, unsupported: UnsupportedParts): PlainObject {
  const vars: Record<string, unknown> = {}
  const metadata: Record<string, unknown> = {}
  const assert: PlainObject[] = []
  for (const [column, cell] of Object.entries(row)) {
    const text = String(cell)
    if (column.startsWith('__expected')) {
      if (text.trim() !== '') assert.push(assertionOfCell(text.trim()))
    } else if (column.startsWith('__metadata:')) metadata[column.slice('__metadata:'.length)] = text
    else if (!column.startsWith('__')) vars[column] = cell
    else if (!['__description', '__metric'].includes(column) && text !== '') unsupported.add(`column ${column}`)
  }
  const metric = row['__metric']
  return {
    vars,
    assert: typeof metric === 'string' && metric !== '' ? assert.map((each) => ({ ...each, metric })) : assert,
    metadata,
    ...(typeof row['__description'] === 'string' && row['__description'] !== '' ? { description: row['__description'] } : {}),
  }
}
