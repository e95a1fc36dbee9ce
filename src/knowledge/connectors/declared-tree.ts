/** Walks a tree of folders and gathers what access.yaml files declare on the way down. Knows nothing of where the tree is kept. */
import type { DeclaredAccess, ListingFailure } from '../../contracts/connector.ts'
import { messageOf, TouchstoneError, toTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { ACCESS_FILE, ACCESS_LOOKALIKE, readFolderAccess, type ReadRules } from './folder-access.ts'
import type { PathSelection } from './path-selection.ts'

export interface TreeEntry {
  readonly name: string
  readonly isFolder: boolean
}

/** Paths begin at the root, which is the empty path. */
export interface DeclaredTree {
  /** @throws when the folder cannot be read */
  entries(directory: string): Promise<readonly TreeEntry[]>
  readonly readRules: ReadRules
}

/** Whatever is no folder: the connector says what it is. */
export interface TreeLeaf {
  readonly path: string
  /** Outermost first. */
  readonly access: readonly DeclaredAccess[]
}

/**
 * Leaves in a fixed order, without what is hidden or not selected.
 * @param inherited what is declared above the root
 */
export async function* walkTree(
  tree: DeclaredTree,
  selection: PathSelection,
  inherited: readonly DeclaredAccess[],
  signal: AbortSignal,
): AsyncGenerator<TreeLeaf | ListingFailure> {
  yield* walkFolder({ tree, selection, signal }, '', inherited)
}

interface Walk {
  readonly tree: DeclaredTree
  readonly selection: PathSelection
  readonly signal: AbortSignal
}

async function* walkFolder(
  walk: Walk,
  directory: string,
  inherited: readonly DeclaredAccess[],
): AsyncGenerator<TreeLeaf | ListingFailure> {
  walk.signal.throwIfAborted()
  const entries = await walk.tree.entries(directory).catch((error: unknown) => messageOf(error))
  if (typeof entries === 'string') {
    const details = { path: directory, reason: entries }
    yield toListingFailure(directory, new TouchstoneError('SOURCE_ITEM_UNREADABLE', { details }))
    return
  }
  const names = entries.map((entry) => entry.name)
  const access = await readFolderAccess(walk.tree.readRules, directory, names)
  const chain = access === undefined ? inherited : [...inherited, ...access.folder]
  for (const { name, isFolder } of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(directory, name)
    if (name.startsWith('.') || name === 'node_modules' || ACCESS_LOOKALIKE.test(name)) continue
    if (isFolder) yield* walkFolder(walk, path, chain)
    else if (walk.selection.wanted(path))
      yield { path, access: [...walk.selection.rules(path), ...chain, ...(access?.file(path) ?? [])] }
  }
  const present = new Set(names.map((name) => name.normalize()))
  for (const name of access?.names ?? []) {
    if (present.has(name)) continue
    const path = join(directory, ACCESS_FILE)
    yield toListingFailure(path, new TouchstoneError('ACCESS_RULE_UNMATCHED', { details: { path, name } }))
  }
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`
}

export function toListingFailure(path: string, error: unknown): ListingFailure {
  const { code, message } = toTouchstoneError(error)
  return { path, code, message }
}
