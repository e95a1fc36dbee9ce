/** Rule: time, randomness, environment, terminal and network are reached only in the files that banned-globals.data.ts names. */
import type { Node } from 'oxc-parser'
import { globalBans, type GlobalBan } from './banned-globals.data.ts'
import { isExcepted } from './exceptions.ts'
import { walkSyntax, type SourceFile } from './source-file.ts'
import type { Violation } from './violation.ts'

export function bannedGlobals(files: readonly SourceFile[], bans: readonly GlobalBan[] = globalBans): readonly Violation[] {
  return files.flatMap((file) => {
    const inForce = bans.filter((ban) => !isExcepted(file.path, ban.allowed))
    const scope = scopeOf(file)
    const found: Violation[] = []
    walkSyntax(file.program, (node, parents) => {
      for (const name of reachedNames(node, parents, scope)) {
        const ban = inForce.find((each) => isBanned(name, each))
        if (ban) found.push({ file: file.path, line: file.lineAt(node.start), message: problem(name, ban) })
      }
    })
    return found
  })
}

function problem(name: string, ban: GlobalBan): string {
  return `reaches ${ban.what} (${name}). ${ban.cure} An exception is a row with a reason in test/architecture/banned-globals.data.ts.`
}

function isBanned(name: string, ban: GlobalBan): boolean {
  const asMembers = ban.imports.map((each) => each.replace('node:', '').replace('#', '.'))
  return [...ban.globals, ...ban.imports, ...asMembers].some(
    (each) => each === name || name.startsWith(`${each}.`) || (each.endsWith('*') && name.startsWith(each.slice(0, -1))),
  )
}

/** What names mean in a file: those it declares or imports are no globals; a Node module imported whole keeps its own name. */
interface Scope {
  readonly local: ReadonlySet<string>
  readonly modules: ReadonlyMap<string, string>
}

/** The dotted or imported names through which a node reaches something outside the file. */
function reachedNames(node: Node, parents: readonly Node[], scope: Scope): readonly string[] {
  if (node.type === 'ImportDeclaration') return importedNames(node)
  if (node.type === 'ImportExpression') return node.source.type === 'Literal' ? [`${String(node.source.value)}#*`] : []
  if ((node.type === 'NewExpression' || node.type === 'CallExpression') && isGlobal(node.callee, 'Date', scope)) {
    // `Date(x)` ignores its arguments and tells the time; `new Date(x)` only converts.
    if (node.type === 'CallExpression') return ['Date()']
    return node.arguments.length === 0 ? ['new Date()'] : []
  }
  const name = dottedName(node, scope)
  return name === undefined || isPartOfLongerName(node, parents) || isOnlyAName(node, parents) ? [] : [name]
}

function importedNames(node: Extract<Node, { type: 'ImportDeclaration' }>): readonly string[] {
  if (node.importKind === 'type') return []
  const module = node.source.value.startsWith('node:') ? node.source.value : `node:${node.source.value}`
  return node.specifiers.map((each) => {
    const name =
      each.type === 'ImportSpecifier' ? (each.imported.type === 'Literal' ? each.imported.value : each.imported.name) : '*'
    return `${module}#${name}`
  })
}

/** `globalThis.process.env` and `process['env']` are both `process.env`. */
function dottedName(node: Node, scope: Scope): string | undefined {
  if (node.type === 'Identifier') return scope.modules.get(node.name) ?? (scope.local.has(node.name) ? undefined : node.name)
  if (node.type !== 'MemberExpression') return undefined
  const object = dottedName(node.object, scope)
  if (object === undefined) return undefined
  const property = propertyName(node)
  if (property === undefined) return object
  return object === 'globalThis' || object === 'global' ? property : `${object}.${property}`
}

function propertyName(node: Extract<Node, { type: 'MemberExpression' }>): string | undefined {
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined
  return node.property.type === 'Literal' && typeof node.property.value === 'string' ? node.property.value : undefined
}

function isGlobal(node: Node, name: string, scope: Scope): boolean {
  return node.type === 'Identifier' && node.name === name && !scope.local.has(name)
}

function isPartOfLongerName(node: Node, parents: readonly Node[]): boolean {
  const parent = parents.at(-1)
  return parent?.type === 'MemberExpression' && parent.object === node
}

/** An identifier that names a member, a key or a type, and reaches nothing. */
function isOnlyAName(node: Node, parents: readonly Node[]): boolean {
  const parent = parents.at(-1)
  if (node.type !== 'Identifier' || !parent) return false
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed
  if (parent.type === 'Property') return parent.key === node && !parent.computed && !parent.shorthand
  return parent.type.startsWith('TS')
    ? !TYPE_SCRIPT_EXPRESSIONS.has(parent.type)
    : NAMING_PARENTS.has(parent.type) && namesParent(parent, node)
}

const TYPE_SCRIPT_EXPRESSIONS: ReadonlySet<string> = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'])
const NAMING_PARENTS: ReadonlySet<string> = new Set([
  'MethodDefinition',
  'PropertyDefinition',
  'ExportSpecifier',
  'LabeledStatement',
])

function namesParent(parent: Node, node: Node): boolean {
  return !('key' in parent) || (parent.key === node && !('computed' in parent && parent.computed))
}

function scopeOf(file: SourceFile): Scope {
  const local = new Set<string>()
  const modules = new Map<string, string>()
  walkSyntax(file.program, (node, parents) => {
    if (node.type === 'Identifier' && isBinding(node, parents)) local.add(node.name)
    if (node.type !== 'ImportDeclaration') return
    for (const each of node.specifiers) {
      local.add(each.local.name)
      const isWhole = each.type !== 'ImportSpecifier' && node.source.value.startsWith('node:')
      if (isWhole) modules.set(each.local.name, node.source.value.slice('node:'.length))
    }
  })
  return { local, modules }
}

function isBinding(node: Node, parents: readonly Node[]): boolean {
  let child = node
  for (const parent of parents.toReversed()) {
    switch (parent.type) {
      case 'VariableDeclarator':
        return parent.id === child
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return ('id' in parent && parent.id === child) || (parent.params as readonly Node[]).includes(child)
      case 'ClassDeclaration':
        return parent.id === child
      case 'CatchClause':
        return parent.param === child
      case 'AssignmentPattern':
        if (parent.left !== child) return false
        break
      case 'Property':
        if (parent.value !== child) return false
        break
      case 'ObjectPattern':
      case 'ArrayPattern':
      case 'RestElement':
        break
      default:
        return false
    }
    child = parent
  }
  return false
}
