/** Rule: no `any`, no bare `Error`, no default export. Knows the syntax; the exceptions are data. */
import type { Node } from 'oxc-parser'
import { isExcepted, type Exception } from './exceptions.ts'
import { syntaxExceptions, type SyntaxRule } from './forbidden-syntax.data.ts'
import { walkSyntax, type SourceFile } from './source-file.ts'
import type { Violation } from './violation.ts'

const MESSAGES: Readonly<Record<SyntaxRule, string>> = {
  any: 'uses `any`. Say what it is, or take `unknown` and narrow it.',
  'bare-error': 'uses a bare Error. Throw TouchstoneError with a code of src/foundation/errors/catalog.data.ts.',
  'default-export': 'has a default export. Export it by name.',
}

export function forbiddenSyntax(
  files: readonly SourceFile[],
  exceptions: Readonly<Record<SyntaxRule, readonly Exception[]>> = syntaxExceptions,
): readonly Violation[] {
  return files.flatMap((file) => {
    const found: Violation[] = []
    walkSyntax(file.program, (node) => {
      const rule = brokenRule(node)
      if (!rule || isExcepted(file.path, exceptions[rule])) return
      found.push({ file: file.path, line: file.lineAt(node.start), message: MESSAGES[rule] })
    })
    return found
  })
}

function brokenRule(node: Node): SyntaxRule | undefined {
  switch (node.type) {
    case 'TSAnyKeyword':
      return 'any'
    case 'NewExpression':
    case 'CallExpression':
      return isNamed(node.callee, 'Error') ? 'bare-error' : undefined
    case 'ClassDeclaration':
    case 'ClassExpression':
      return isNamed(node.superClass, 'Error') ? 'bare-error' : undefined
    case 'ExportDefaultDeclaration':
      return 'default-export'
    case 'ExportSpecifier':
      return isNamed(node.exported, 'default') ? 'default-export' : undefined
    default:
      return undefined
  }
}

function isNamed(node: Node | null | undefined, name: string): boolean {
  return node?.type === 'Identifier' && node.name === name
}
