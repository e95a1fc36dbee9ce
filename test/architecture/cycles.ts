/** Rule: no cycle between files, none between folders; type imports count. An edge between a folder and its own ancestor is no cycle. */
import { findCycles, graphOf, type ImportEdge } from './import-graph.ts'
import type { Violation } from './violation.ts'

export function fileCycles(edges: readonly ImportEdge[]): readonly Violation[] {
  const graph = graphOf(importsOfFiles(edges).map((edge) => [edge.from, edge.to] as const))
  return findCycles(graph).map((cycle) => ({
    file: cycle[0] ?? '',
    line: lineOfEdge(edges, cycle[0], cycle[1] ?? cycle[0]),
    message: `files import each other: ${circle(cycle)}. Move what they share into a file that imports neither.`,
  }))
}

/** Edges are compared where the two paths part: `a/x/1.ts -> a/y/z/2.ts` says that folder `a/x` needs folder `a/y`. */
export function folderCycles(edges: readonly ImportEdge[]): readonly Violation[] {
  const folders = importsOfFiles(edges).flatMap((edge) => {
    const pair = partingFolders(edge.from, edge.to)
    return pair ? [{ edge, pair }] : []
  })
  return findCycles(graphOf(folders.map(({ pair }) => pair))).map((cycle) => {
    const examples = cycle.map((from, index) => {
      const to = cycle[(index + 1) % cycle.length]
      return folders.find(({ pair }) => pair[0] === from && pair[1] === to)?.edge
    })
    const witness = examples.map((edge) => `${edge?.from}:${edge?.line} imports ${edge?.to}`).join('; ')
    return {
      file: examples[0]?.from ?? cycle[0] ?? '',
      line: examples[0]?.line ?? 1,
      message: `folders need each other: ${circle(cycle)} (${witness}). Decide which one knows less and move the shared part there.`,
    }
  })
}

function importsOfFiles(edges: readonly ImportEdge[]): readonly ImportEdge[] {
  // A URL starts another process: it is a dependency between areas, but no cycle of modules.
  return edges.filter((edge) => !edge.isPackage && edge.kind === 'import')
}

function partingFolders(from: string, to: string): readonly [string, string] | undefined {
  const left = from.split('/').slice(0, -1)
  const right = to.split('/').slice(0, -1)
  const parting = left.findIndex((part, index) => part !== right[index])
  // One folder contains the other (or they are the same): no edge.
  if (parting < 0 || parting >= right.length) return undefined
  return [left.slice(0, parting + 1).join('/'), right.slice(0, parting + 1).join('/')]
}

function lineOfEdge(edges: readonly ImportEdge[], from: string | undefined, to: string | undefined): number {
  return edges.find((edge) => edge.from === from && edge.to === to)?.line ?? 1
}

function circle(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(' -> ')
}
