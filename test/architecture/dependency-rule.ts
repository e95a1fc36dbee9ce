/** Rule: areas of src import only what dependency-rule.data.ts allows, and never tests, benches or themselves as a package. */
import { areaRules, areasOfSeparateFolders } from './dependency-rule.data.ts'
import type { ImportEdge } from './import-graph.ts'
import type { Violation } from './violation.ts'

export function dependencyViolations(edges: readonly ImportEdge[]): readonly Violation[] {
  return edges
    .filter((edge) => edge.from.startsWith('src/') && !edge.from.endsWith('.test.ts'))
    .flatMap((edge) => {
      const message = edge.isPackage ? packageProblem(edge) : fileProblem(edge)
      return message === undefined ? [] : [{ file: edge.from, line: edge.line, message }]
    })
}

function packageProblem({ from, to }: ImportEdge): string | undefined {
  if (to === 'touchstone' || to.startsWith('touchstone/')) {
    return `imports the product as package "${to}". Import the file by its relative path, so that the rule between areas can be seen.`
  }
  const area = areaOf(from)
  const rule = areaRules[area]
  if (!rule) return unknownArea(area)
  return rule.packages ? undefined : `${area} imports package "${to}", but ${rule.reason}. Move the code to an area that may.`
}

function fileProblem({ from, to }: ImportEdge): string | undefined {
  if (!to.startsWith('src/')) return `imports ${to}, which is not part of the product. Move what is needed into src.`
  if (to.endsWith('.test.ts')) return `imports the test ${to}. Move what is needed into src/testing.`
  const [area, target] = [areaOf(from), areaOf(to)]
  const rule = areaRules[area]
  if (!rule) return unknownArea(area)
  if (area !== target) return rule.imports.includes(target) ? undefined : forbiddenArea(area, target, to)
  if (!areasOfSeparateFolders.includes(area)) return undefined
  const [folder, other] = [folderInArea(from), folderInArea(to)]
  return folder === other || other === '' || folder === ''
    ? undefined
    : `${area}/${folder} imports ${area}/${other} (${to}). Let both meet in a contract, or move the shared part to src/foundation.`
}

function forbiddenArea(area: string, target: string, to: string): string {
  const allowed = areaRules[area]?.imports.join(', ') || 'nothing else'
  return `${area} imports ${target} (${to}), but may import only ${allowed}: ${areaRules[area]?.reason}. Name the need in src/contracts and inject it.`
}

function unknownArea(area: string): string {
  return `"${area}" is no area of src. Put the file into one of ${Object.keys(areaRules).join(', ')}, or add a row to test/architecture/dependency-rule.data.ts.`
}

/** `src/knowledge/x.ts` lies in `knowledge`. */
function areaOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** `src/adapters/sqlite/x.ts` lies in folder `sqlite`; a file directly in the area lies in none. */
function folderInArea(path: string): string {
  const parts = path.split('/')
  return parts.length > 3 ? (parts[2] ?? '') : ''
}
