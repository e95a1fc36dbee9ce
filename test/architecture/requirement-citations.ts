/** Which requirements the titles of tests cite, as `[A1]` or `[A1, B2]`. Knows nothing of what the rows mean. */
import type { Node } from 'oxc-parser'
import type { Requirement } from '../requirements.ts'
import { walkSyntax, type SourceFile } from './source-file.ts'

export interface Citation {
  readonly id: string
  readonly file: string
  readonly line: number
}

const TEST_FUNCTIONS: ReadonlySet<string> = new Set(['test', 'it', 'describe', 'suite'])
/** `test.skip` and `test.todo` prove nothing. */
const VARIANTS_THAT_RUN: ReadonlySet<string> = new Set(['only'])

export function citedRequirements(file: SourceFile): readonly Citation[] {
  const found: Citation[] = []
  walkSyntax(file.program, (node) => {
    if (node.type !== 'CallExpression' || !runsTest(node.callee)) return
    const [title] = node.arguments
    if (!title) return
    for (const [, ids] of titleText(title).matchAll(/\[([A-Z]\d+(?:,\s*[A-Z]\d+)*)\]/g)) {
      for (const id of (ids ?? '').split(/,\s*/)) found.push({ id, file: file.path, line: file.lineAt(node.start) })
    }
  })
  return found
}

export function citationProblems(rows: readonly Requirement[], citations: readonly Citation[]): readonly string[] {
  const known = new Set(rows.map((row) => row.id))
  const cited = new Set(citations.map((citation) => citation.id))
  return [
    ...citations
      .filter(({ id }) => !known.has(id))
      .map(({ id, file, line }) => `${file}:${line}: cites [${id}], which is no row of test/requirements.ts. Correct the id.`),
    ...rows
      .filter(({ id, state }) => state !== 'not begun' && !cited.has(id))
      .map(({ id, state }) => `${id} is ${state}, and no test cites it. End the title of the test that proves it with [${id}].`),
  ]
}

function runsTest(callee: Node): boolean {
  if (callee.type === 'Identifier') return TEST_FUNCTIONS.has(callee.name)
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.property.type !== 'Identifier')
    return false
  return TEST_FUNCTIONS.has(callee.object.name) && VARIANTS_THAT_RUN.has(callee.property.name)
}

/** The fixed parts of a title, also of one put together from pieces. */
function titleText(title: Node): string {
  const parts: string[] = []
  walkSyntax(title, (node) => {
    if (node.type === 'Literal' && typeof node.value === 'string') parts.push(node.value)
    if (node.type === 'TemplateElement') parts.push(node.value.cooked ?? '')
  })
  return parts.join('')
}
