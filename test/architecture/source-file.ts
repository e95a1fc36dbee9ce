/** One parsed TypeScript file: its text, its syntax, what it imports. Knows nothing of other files or of rules. */
import { parseSync, visitorKeys, type Node, type Program } from 'oxc-parser'

/** How a file names another. A `url` is `new URL('./x.ts', import.meta.url)`: another process or worker starts there. */
export type ImportKind = 'import' | 'url'

export interface ImportReference {
  readonly specifier: string
  readonly line: number
  readonly kind: ImportKind
}

export interface SourceFile {
  /** Relative to the project root, with `/`. */
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly program: Program
  readonly imports: readonly ImportReference[]
  lineAt(offset: number): number
}

/** Calls back for each node, parents first. `parents` ends with the nearest; it is reused, so it must not be kept. */
export function walkSyntax(root: Node, enter: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = []
  const visit = (node: Node): void => {
    enter(node, parents)
    parents.push(node)
    const members = node as unknown as Readonly<Record<string, Node | readonly (Node | null)[] | null | undefined>>
    for (const key of visitorKeys[node.type] ?? []) {
      const child = members[key]
      for (const each of Array.isArray(child) ? child : [child]) if (each) visit(each)
    }
    parents.pop()
  }
  visit(root)
}

/** @throws SyntaxError naming the file when the text does not parse */
export function parseSourceFile(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text)
  const first = errors[0]
  if (first) throw new SyntaxError(`${path}: ${first.message}`)
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  const lineAt = (offset: number): number => lineStarts.findLastIndex((start) => start <= offset) + 1
  const lines = text.endsWith('\n') ? lineStarts.length - 1 : lineStarts.length
  return { path, text, lines, program, imports: findImports(program, lineAt), lineAt }
}

function findImports(program: Program, lineAt: (offset: number) => number): ImportReference[] {
  const found: ImportReference[] = []
  walkSyntax(program, (node) => {
    const source = importedSource(node)
    if (source) found.push({ specifier: source.specifier, kind: source.kind, line: lineAt(node.start) })
  })
  return found
}

function importedSource(node: Node): { specifier: string; kind: ImportKind } | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType': {
      const specifier = literalText(node.source)
      return specifier === undefined ? undefined : { specifier, kind: 'import' }
    }
    case 'NewExpression': {
      const specifier =
        node.callee.type === 'Identifier' && node.callee.name === 'URL' ? literalText(node.arguments[0]) : undefined
      // Only code files count: data files may lie anywhere.
      return specifier !== undefined && /^\..*\.ts$/.test(specifier) ? { specifier, kind: 'url' } : undefined
    }
    default:
      return undefined
  }
}

function literalText(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  return node?.type === 'TemplateLiteral' && node.quasis.length === 1 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined
}
