/** Permissions declared in a folder's access.yaml. Knows the file's form; what cannot be read or understood means nobody. */
import type { AclDeclaration } from '../../contracts/acl.ts'
import type { DeclaredAccess } from '../../contracts/connector.ts'
import { parseAclDeclaration } from '../../foundation/access/acl-declaration.ts'
import { messageOf } from '../../foundation/errors/touchstone-error.ts'

export const ACCESS_FILE = 'access.yaml'

/** Other spellings, which somebody meant to count. */
export const ACCESS_LOOKALIKE = /^\.?access\.ya?ml$/i
/** Rules are short; a larger file would stop everything else while it is read. */
const MOST_BYTES = 256_000

/** The text of an access.yaml. @throws when it is no regular file, too large or unreadable */
export type ReadRules = (path: string, mostBytes: number) => Promise<string>

export interface FolderAccess {
  /** What the folder declares for itself and everything below; empty when it only speaks of single files. */
  readonly folder: readonly DeclaredAccess[]
  /** Files that it speaks of, normalised. */
  readonly names: readonly string[]
  /** What it declares for one file, by path from the root. */
  file(path: string): readonly DeclaredAccess[]
}

/**
 * @param names of what lies in the folder
 * @returns nothing when the folder has no access.yaml, nor a file that was meant to be one
 */
export async function readFolderAccess(
  readRules: ReadRules,
  directory: string,
  names: readonly string[],
): Promise<FolderAccess | undefined> {
  const lookalike = names.find((name) => name !== ACCESS_FILE && ACCESS_LOOKALIKE.test(name))
  if (lookalike !== undefined) return nobody(directory, `${lookalike} must be called ${ACCESS_FILE}`)
  if (!names.includes(ACCESS_FILE)) return undefined
  try {
    const text = await readRules(directory === '' ? ACCESS_FILE : `${directory}/${ACCESS_FILE}`, MOST_BYTES)
    // Needed while a source is listed, not while questions are answered.
    const { parse } = await import('yaml')
    return toFolderAccess(directory, parse(text, { uniqueKeys: true }) as unknown)
  } catch (error) {
    return nobody(directory, messageOf(error))
  }
}

function toFolderAccess(directory: string, content: unknown): FolderAccess {
  const declaration = parseAclDeclaration(content, ['files'])
  const files = content !== null && typeof content === 'object' && 'files' in content ? content.files : undefined
  if (files !== undefined && (files === null || typeof files !== 'object' || Array.isArray(files)))
    return nobody(directory, 'files is a map from file name to declaration')
  const byName = new Map<string, AclDeclaration>(
    Object.entries(files ?? {}).map(([name, value]) => [name.normalize(), parseAclDeclaration(value)]),
  )
  // It would match nothing, and leave open what somebody meant to close.
  const further = [...byName.keys()].find((name) => name.includes('/'))
  if (further !== undefined) return nobody(directory, `files names files of this folder, not ${further}`)
  return {
    names: [...byName.keys()],
    folder: Object.keys(declaration).length === 0 ? [] : [{ place: `folder:${directory}`, declaration }],
    file: (path) => {
      // Disks write an accented letter in one code point or in two.
      const own = byName.get(path.slice(path.lastIndexOf('/') + 1).normalize())
      return own === undefined ? [] : [{ place: `file:${path}`, declaration: own }]
    },
  }
}

function nobody(directory: string, invalid: string): FolderAccess {
  return { folder: [{ place: `folder:${directory}`, declaration: { invalid } }], names: [], file: () => [] }
}
