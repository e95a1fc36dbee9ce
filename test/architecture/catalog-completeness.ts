/** Rule: in a folder with a `catalog.ts`, every extension that a file there exports is listed in it. */
import type { Node } from 'oxc-parser'
import { importEdges } from './import-graph.ts'
import { walkSyntax, type SourceFile } from './source-file.ts'
import { folderOf, isTestFile } from './source-tree.ts'
import type { Violation } from './violation.ts'

const EXTENSION_MEMBERS = ['id', 'version', 'summary', 'parseOptions', 'create'] as const
/** What the argument of a `define…({ … })` call has; the function adds the rest. */
const DEFINED_MEMBERS = ['id', 'version', 'summary'] as const

export function catalogViolations(files: readonly SourceFile[]): readonly Violation[] {
  const catalogs = files.filter((file) => file.path.endsWith('/catalog.ts'))
  return files
    .filter((file) => !isTestFile(file.path) && !file.path.endsWith('/catalog.ts'))
    .flatMap((file) => {
      const catalog = nearestCatalog(file.path, catalogs)
      if (!catalog) return []
      return extensionsOf(file)
        .filter((extension) => !lists(catalog, file.path, extension.name))
        .map(({ name, line }) => ({
          file: file.path,
          line,
          message: `exports the extension ${name}, which ${catalog.path} does not list. Import it there and add it to the list.`,
        }))
    })
}

/** A catalogue answers for its folder and for folders below that have none of their own. */
function nearestCatalog(path: string, catalogs: readonly SourceFile[]): SourceFile | undefined {
  return catalogs
    .filter((catalog) => path.startsWith(`${folderOf(catalog.path)}/`))
    .sort((left, right) => right.path.length - left.path.length)[0]
}

function extensionsOf(file: SourceFile): readonly { name: string; line: number }[] {
  return file.program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration') return []
    return statement.declaration.declarations.flatMap((declarator) =>
      declarator.id.type === 'Identifier' && declarator.init && isExtension(declarator.init)
        ? [{ name: declarator.id.name, line: file.lineAt(declarator.start) }]
        : [],
    )
  })
}

function isExtension(node: Node): boolean {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return isExtension(node.expression)
    case 'ObjectExpression':
      return hasMembers(node, EXTENSION_MEMBERS)
    case 'CallExpression': {
      const [argument] = node.arguments
      const isDefinition = node.callee.type === 'Identifier' && /^define[A-Z]/.test(node.callee.name)
      return isDefinition && argument?.type === 'ObjectExpression' && hasMembers(argument, DEFINED_MEMBERS)
    }
    default:
      return false
  }
}

function hasMembers(node: Extract<Node, { type: 'ObjectExpression' }>, members: readonly string[]): boolean {
  const names = node.properties.map((each) => (each.type === 'Property' && each.key.type === 'Identifier' ? each.key.name : ''))
  return members.every((member) => names.includes(member))
}

/** Imported from that file, and used beyond the import. */
function lists(catalog: SourceFile, path: string, name: string): boolean {
  if (!importEdges([catalog]).some((edge) => edge.to === path)) return false
  let isUsed = false
  walkSyntax(catalog.program, (node, parents) => {
    if (node.type === 'Identifier' && node.name === name && !parents.some((each) => each.type === 'ImportDeclaration'))
      isUsed = true
  })
  return isUsed
}
