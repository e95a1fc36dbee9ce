/** Rule: files and functions stay small. Tests and `*.data.ts` are exempt; every line counts, blank ones too. */
import type { ArrowFunctionExpression, Function as FunctionSyntax, Node } from 'oxc-parser'
import { walkSyntax, type SourceFile } from './source-file.ts'
import type { Violation } from './violation.ts'

export const sizeLimits = {
  file: { hard: 400, percentile95: 250 },
  function: { hard: 80, percentile95: 40 },
  /** The files in which a newcomer reads how the system works. */
  spine: 120,
  contract: 150,
} as const

export const spineFiles: readonly string[] = [
  'src/serving/answer-question.ts',
  'src/knowledge/ingest-documents.ts',
  'src/lifecycle/run-release.ts',
  'src/lifecycle/gate/decide-release.ts',
]

interface Sized {
  readonly file: string
  readonly line: number
  readonly name: string
  readonly lines: number
}

export function fileSizeViolations(files: readonly SourceFile[]): readonly Violation[] {
  const sized = files.map((file) => ({ file: file.path, line: 1, name: 'file', lines: file.lines }))
  return [
    ...sized.flatMap((each) => {
      const { limit, cure } = limitOf(each.file)
      return each.lines > limit ? [tooLong(each, limit, cure)] : []
    }),
    ...percentileViolation(sized, sizeLimits.file.percentile95, 'files'),
  ]
}

export function functionSizeViolations(files: readonly SourceFile[]): readonly Violation[] {
  const sized = files.flatMap(functionsOf)
  const { hard, percentile95 } = sizeLimits.function
  return [
    ...sized.filter((each) => each.lines > hard).map((each) => tooLong(each, hard, 'Give its steps names of their own.')),
    ...percentileViolation(sized, percentile95, 'functions'),
  ]
}

function limitOf(path: string): { limit: number; cure: string } {
  if (spineFiles.includes(path)) return { limit: sizeLimits.spine, cure: 'A spine names steps; move the steps out.' }
  if (path.startsWith('src/contracts/')) return { limit: sizeLimits.contract, cure: 'A contract holds one idea; split it.' }
  return { limit: sizeLimits.file.hard, cure: 'Split it by what it knows.' }
}

function tooLong({ file, line, name, lines }: Sized, limit: number, cure: string): Violation {
  return { file, line, message: `${name} has ${lines} lines; ${limit} are allowed. ${cure}` }
}

/** Nearest-rank percentile: 95 of 100 must be within the limit. Names those above it, longest first. */
function percentileViolation(sized: readonly Sized[], limit: number, what: string): readonly Violation[] {
  const above = sized.filter((each) => each.lines > limit).sort((left, right) => right.lines - left.lines)
  const longest = above[0]
  if (!longest || above.length <= sized.length - Math.ceil(sized.length * 0.95)) return []
  const names = above.slice(0, 10).map((each) => `${each.file}:${each.line} ${each.name} (${each.lines})`)
  const message = `${above.length} of ${sized.length} ${what} have more than ${limit} lines; 5 % may. Shorten some of: ${names.join(', ')}.`
  return [{ file: longest.file, line: longest.line, message }]
}

/** Functions with a body of statements; one-expression arrows would only dilute the percentile. */
function functionsOf(file: SourceFile): readonly Sized[] {
  const found: Sized[] = []
  walkSyntax(file.program, (node, parents) => {
    if (!isFunction(node) || node.body?.type !== 'BlockStatement') return
    const line = file.lineAt(node.start)
    found.push({ file: file.path, line, name: functionName(node, parents.at(-1)), lines: file.lineAt(node.end) - line + 1 })
  })
  return found
}

type FunctionNode = ArrowFunctionExpression | FunctionSyntax

function isFunction(node: Node): node is FunctionNode {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
}

function functionName(node: FunctionNode, parent: Node | undefined): string {
  if (node.type !== 'ArrowFunctionExpression' && node.id) return node.id.name
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name
  if ((parent?.type === 'Property' || parent?.type === 'MethodDefinition') && parent.key.type === 'Identifier')
    return parent.key.name
  return 'function'
}
