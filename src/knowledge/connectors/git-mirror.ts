/** A bare, shallow copy of the newest commits of a repository, in the data folder. Can be thrown away at any time: then it is fetched again. */
import { mkdir, rm } from 'node:fs/promises'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Git, GitOptions } from './git-command.ts'

/** Commits that are fetched: dates of changes are exact as far back. */
const DEPTH = 100
const TIP = 'refs/touchstone/tip'

/** One entry of a commit's tree. */
export interface TreeObject {
  readonly path: string
  readonly kind: 'file' | 'link' | 'other'
  readonly object: string
  /** 0 for what is no file and no link. */
  readonly sizeBytes: number
}

/** Brings the copy up to date. @returns the commit that the revision names now @throws TouchstoneError GIT_*, SOURCE_LISTING_FAILED */
export async function fetchTip(git: Git, options: GitOptions, signal: AbortSignal): Promise<string> {
  try {
    return await fetchInto(git, options, signal)
  } catch (error) {
    if (!(error instanceof TouchstoneError) || !isOwnDamage(String(error.details['reason']), options)) throw error
    // A kill may have left a lock or half an object behind; only one run at a time works in here.
    await rm(options.directory, { recursive: true, force: true })
    return fetchInto(git, options, signal)
  }
}

function isOwnDamage(reason: string, { directory }: GitOptions): boolean {
  return reason.includes(directory) || /\.lock|corrupt|bad (?:object|tree|pack|index)|loose object|shallow file/i.test(reason)
}

async function fetchInto(git: Git, options: GitOptions, signal: AbortSignal): Promise<string> {
  await mkdir(options.directory, { recursive: true })
  await git.run(['init', '--quiet', '--bare', '--template='], signal)
  const flags = [`--depth=${DEPTH}`, '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head']
  // The plus lets history that was rewritten replace what was there.
  await git.run(['fetch', ...flags, '--', options.address, `+${options.ref}:${TIP}`], signal)
  return (await git.run(['rev-parse', '--verify', '--end-of-options', `${TIP}^{commit}`], signal)).toString().trim()
}

/** Everything below the commit's root; a name that is no UTF-8 holds U+FFFD. */
export async function listTree(git: Git, commit: string, signal: AbortSignal): Promise<readonly TreeObject[]> {
  const listed = await git.run(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], signal)
  return listed
    .toString()
    .split('\0')
    .flatMap((line): TreeObject[] => {
      const [, mode = '', object = '', size = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([^]+)$/.exec(line) ?? []
      if (path === '') return []
      const kind = mode.startsWith('100') ? 'file' : mode === '120000' ? 'link' : 'other'
      return [{ path, kind, object, sizeBytes: Number(size) || 0 }]
    })
}

/** Tells a commit from a path: no path holds two slashes in a row. */
const COMMIT = '//'

export interface LastChange {
  readonly commit: string
  readonly atMs: number
}

/**
 * When each path came to what it is, along the branch itself: a merge counts when it was merged.
 * What did not change in the fetched commits has the oldest of them, which is later than its own.
 */
export async function lastChanges(git: Git, commit: string, signal: AbortSignal): Promise<ReadonlyMap<string, LastChange>> {
  const flags = [
    '-z',
    '--first-parent',
    '-m',
    '--name-only',
    '--no-renames',
    '--no-show-signature',
    '--no-textconv',
    '--no-ext-diff',
  ]
  const said = (await git.run(['log', ...flags, `--format=${COMMIT}%H %ct`, '--end-of-options', commit], signal)).toString()
  const changes = new Map<string, LastChange>()
  let current: LastChange | undefined
  let isFirst = false
  for (const part of said.split('\0')) {
    if (part.startsWith(COMMIT)) {
      const [hash = '', seconds] = part.slice(COMMIT.length).split(' ')
      current = { commit: hash, atMs: Number(seconds) * 1_000 }
      isFirst = true
      continue
    }
    const path = isFirst ? part.replace(/^\n/, '') : part
    isFirst = false
    if (current !== undefined && path !== '' && !changes.has(path)) changes.set(path, current)
  }
  return changes
}
