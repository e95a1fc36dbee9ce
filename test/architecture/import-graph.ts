/** Which file names which, as paths of the project, and the cycles in it. Knows nothing of what is allowed. */
import { posix } from 'node:path'
import type { ImportKind, SourceFile } from './source-file.ts'

export interface ImportEdge {
  readonly from: string
  /** A path of the project, or the specifier of a package (`kysely`, `node:fs`). */
  readonly to: string
  readonly line: number
  readonly kind: ImportKind
  readonly isPackage: boolean
}

export function importEdges(files: readonly SourceFile[]): readonly ImportEdge[] {
  return files.flatMap((file) =>
    file.imports.map(({ specifier, line, kind }) => {
      const isPackage = !specifier.startsWith('.')
      const to = isPackage ? specifier : posix.join(posix.dirname(file.path), specifier)
      return { from: file.path, to, line, kind, isPackage }
    }),
  )
}

export type Graph = ReadonlyMap<string, ReadonlySet<string>>

export function graphOf(pairs: Iterable<readonly [from: string, to: string]>): Graph {
  const graph = new Map<string, Set<string>>()
  for (const [from, to] of pairs) {
    const targets = graph.get(from) ?? new Set()
    targets.add(to)
    graph.set(from, targets)
  }
  return graph
}

/**
 * For each set of nodes that reach each other, one shortest cycle through its first node, as `a -> b -> a` without the repetition.
 * A node that names itself is a cycle of one.
 */
export function findCycles(graph: Graph): readonly (readonly string[])[] {
  const seen = new Set<string>()
  const cycles: string[][] = []
  for (const start of [...graph.keys()].sort()) {
    if (seen.has(start)) continue
    const cycle = shortestCycle(graph, start)
    if (!cycle) continue
    for (const node of reachableBothWays(graph, start)) seen.add(node)
    cycles.push(cycle)
  }
  return cycles
}

function shortestCycle(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) return pathTo(cameFrom, start, node)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, node)
      queue.push(next)
    }
  }
  return undefined
}

function pathTo(cameFrom: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const path = [end]
  for (let node = end; node !== start;) {
    node = cameFrom.get(node) ?? start
    path.unshift(node)
  }
  return path
}

function reachableBothWays(graph: Graph, start: string): Set<string> {
  const backwards = graphOf([...graph].flatMap(([from, targets]) => [...targets].map((to) => [to, from] as const)))
  return reachable(graph, start).intersection(reachable(backwards, start))
}

function reachable(graph: Graph, start: string): Set<string> {
  const found = new Set([start])
  for (const node of found) for (const next of graph.get(node) ?? []) found.add(next)
  return found
}
