/** A branch, tag or commit of a git repository as a source, with the permissions of a folder. Knows nothing of formats. */
import { join, posix } from 'node:path'
import { z } from 'zod'
import type {
  Connector,
  ConnectorExtension,
  ConnectorParts,
  DeclaredAccess,
  ListingFailure,
  SourceItem,
} from '../../contracts/connector.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import { toListingFailure, walkTree, type DeclaredTree, type TreeEntry, type TreeLeaf } from './declared-tree.ts'
import { readFolderAccess } from './folder-access.ts'
import { createGit, requireGit, type Git, type GitOptions } from './git-command.ts'
import { fetchTip, lastChanges, listTree, type LastChange, type TreeObject } from './git-mirror.ts'
import { createGitObjects, type GitObjects } from './git-objects.ts'
import { filePageOf, fillFileUrl, maySendSecret, repositorySchema, revisionSchema, toAddress } from './git-repository.ts'
import { createPathSelection, selectionOptions, type PathSelection } from './path-selection.ts'

/** What a source of the kind `git` may say in the configuration. */
export const gitOptionsSchema = z
  .strictObject({
    repository: repositorySchema.describe('A path, relative to the configuration file, or an https, ssh, http or file URL.'),
    ref: revisionSchema.default('HEAD').describe('Branch, tag or commit; the default branch of the repository when absent.'),
    path: z
      .string()
      .regex(/^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\p{Cc}]*$/u, 'name a folder inside the repository')
      .default('')
      .transform((path) => path.replace(/\/+$/, ''))
      .describe('Only this folder of the repository; access.yaml files above it count.'),
    ...selectionOptions,
    token: z
      .strictObject({ env: z.string().min(1).describe('Name of the environment variable.') })
      .exactOptional()
      .describe('The environment variable that holds an access token, as { env: NAME }; sent over https only.'),
    username: z
      .string()
      .regex(/^[\w.@-]{1,100}$/)
      .default('x-access-token')
      .describe('Sent with the token, where a host wants a certain name (Bitbucket: x-token-auth).'),
    fileUrl: z
      .url({ protocol: /^https?$/ })
      .exactOptional()
      .describe('Page that shows a file, with {commit} and {path}; known for GitHub, GitLab, Bitbucket and Codeberg.'),
  })
  .refine(({ token, repository }) => token === undefined || maySendSecret(repository), {
    path: ['token'],
    message: 'a token is sent over https only',
  })
export type GitSourceOptions = z.infer<typeof gitOptionsSchema>

export const gitConnector: ConnectorExtension<GitSourceOptions> = {
  id: 'git',
  version: 1,
  summary: 'Files of a git repository, by path or URL; permissions by path rule, access.yaml and front matter.',
  defaultMaxLagMinutes: 24 * 60,
  parseOptions: (input) => gitOptionsSchema.parse(input),
  create: createGitConnector,
}

interface Repository {
  readonly options: GitSourceOptions
  readonly gitOptions: GitOptions
  readonly git: Git
  readonly objects: GitObjects
}

function createGitConnector(options: GitSourceOptions, parts: ConnectorParts): Connector {
  const address = toAddress(options.repository, parts.baseDirectory)
  const gitOptions: GitOptions = {
    source: parts.sourceId,
    environment: parts.environment,
    // Another repository gets another copy: objects of the one must never be read as the other's.
    directory: join(parts.cacheDirectory, `git-${contentHash(address).slice(0, 12)}`),
    address,
    ref: options.ref,
    ...authorization(options, parts),
  }
  const git = createGit(gitOptions)
  const repository: Repository = { options, gitOptions, git, objects: createGitObjects(git) }
  const selection = createPathSelection(options)
  return {
    list: (signal) => listRepository(repository, selection, parts.readSecret, signal),
    fetch: (item) => fetchBlob(repository, item),
    settle: () => repository.objects.close(),
  }
}

function authorization({ token, username }: GitSourceOptions, parts: ConnectorParts): { readonly authorization?: string } {
  if (token === undefined) return {}
  const secret = parts.readSecret(token) ?? ''
  return { authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` }
}

/** Told when the source is read: a missing secret must not keep the program from starting. */
function assertSecret({ options, gitOptions }: Repository, readSecret: ConnectorParts['readSecret']): void {
  if (options.token === undefined || (readSecret(options.token) ?? '') !== '') return
  const reason = `the environment variable ${options.token.env} is not set`
  const details = { source: gitOptions.source, repository: gitOptions.address, reason }
  throw new TouchstoneError('GIT_ACCESS_REFUSED', { details })
}

/** The tree of the commit, its folders as maps. */
interface Snapshot {
  readonly commit: string
  readonly files: ReadonlyMap<string, TreeObject>
  readonly folders: ReadonlyMap<string, readonly TreeEntry[]>
  readonly changes: ReadonlyMap<string, LastChange>
}

async function* listRepository(
  repository: Repository,
  selection: PathSelection,
  readSecret: ConnectorParts['readSecret'],
  signal: AbortSignal,
): AsyncGenerator<SourceItem | ListingFailure> {
  assertSecret(repository, readSecret)
  const snapshot = await readSnapshot(repository, signal)
  const { path: root } = repository.options
  if (!snapshot.folders.has(root)) {
    const details = { source: repository.gitOptions.source, path: root }
    throw new TouchstoneError('SOURCE_PATH_MISSING', { details })
  }
  const above = await declaredAbove(repository, snapshot)
  const tree = toTree(repository, snapshot, root)
  for await (const found of walkTree(tree, selection, above, signal)) {
    if ('code' in found) yield found
    else yield* listLeaf(repository, snapshot, found)
  }
}

async function readSnapshot({ git, gitOptions }: Repository, signal: AbortSignal): Promise<Snapshot> {
  await requireGit(git, gitOptions, signal)
  const commit = await fetchTip(git, gitOptions, signal)
  const objects = await listTree(git, commit, signal)
  const folders = new Map<string, TreeEntry[]>([['', []]])
  const enter = (path: string, isFolder: boolean): void => {
    const end = path.lastIndexOf('/')
    const parent = end < 0 ? '' : path.slice(0, end)
    let entries = folders.get(parent)
    if (entries === undefined) {
      entries = []
      folders.set(parent, entries)
      enter(parent, true)
    }
    entries.push({ name: path.slice(end + 1), isFolder })
  }
  for (const { path } of objects) enter(path, false)
  const changes = await lastChanges(git, commit, signal)
  return { commit, folders, changes, files: new Map(objects.map((object) => [object.path, object])) }
}

function toTree({ objects }: Repository, { files, folders }: Snapshot, root: string): DeclaredTree {
  return {
    entries: async (directory) => folders.get(posix.join(root, directory).replace(/^\.$/, '')) ?? [],
    readRules: async (path, mostBytes) => {
      const file = files.get(posix.join(root, path))
      if (file?.kind !== 'file') throw new TypeError('it is no regular file')
      if (file.sizeBytes > mostBytes) throw new RangeError(`it is larger than ${mostBytes} bytes`)
      const bytes = await objects.read(file.object)
      if (bytes === undefined) throw new RangeError('git does not have it')
      return Buffer.from(bytes).toString('utf8')
    },
  }
}

/** What the folders around the chosen one declare: choosing a part of a repository must not open it. */
async function declaredAbove(repository: Repository, snapshot: Snapshot): Promise<readonly DeclaredAccess[]> {
  const { path: root } = repository.options
  const tree = toTree(repository, snapshot, '')
  const names = root === '' ? [] : root.split('/')
  const declared: DeclaredAccess[] = []
  for (let depth = 0; depth < names.length; depth++) {
    const directory = names.slice(0, depth).join('/')
    const entries = (await tree.entries(directory)).map((entry) => entry.name)
    const access = await readFolderAccess(tree.readRules, directory, entries)
    for (const { declaration } of access?.folder ?? []) declared.push({ place: `above:${directory}`, declaration })
  }
  return declared
}

async function* listLeaf(
  { options, objects }: Repository,
  { commit, files, folders, changes }: Snapshot,
  { path, access }: TreeLeaf,
): AsyncGenerator<SourceItem | ListingFailure> {
  const full = posix.join(options.path, path)
  const file = files.get(full)
  // A submodule is another repository.
  if (file === undefined || file.kind === 'other') return
  // Git keeps names as bytes; those that are no UTF-8 could be mistaken for each other.
  if (path.includes('\uFFFD'))
    yield toListingFailure(
      path,
      new TouchstoneError('SOURCE_ITEM_UNREADABLE', { details: { path, reason: 'its name is not UTF-8' } }),
    )
  else if (file.kind === 'link') {
    const target = Buffer.from((await objects.read(file.object)) ?? []).toString('utf8')
    const aim = posix.join(posix.dirname(full), target)
    const isInside = !target.startsWith('/') && isBelow(aim, options.path) && (files.has(aim) || folders.has(aim))
    if (!isInside) yield toListingFailure(path, new TouchstoneError('SOURCE_LINK_OUTSIDE', { details: { path } }))
  } else {
    const change = changes.get(full) ?? changes.values().next().value
    const last = change?.commit ?? commit
    const template = options.fileUrl ?? filePageOf(options.repository)
    const url = template === undefined ? {} : { url: fillFileUrl(template, last, full) }
    const { sizeBytes, object: changeMark } = file
    yield { path, changeMark, sizeBytes, modifiedAtMs: change?.atMs ?? 0, access, metadata: { commit: last, ...url } }
  }
}

function isBelow(path: string, root: string): boolean {
  return path !== '..' && !path.startsWith('../') && (root === '' || path.startsWith(`${root}/`))
}

/** Pointers of Git LFS are text of this form; what they point to lies elsewhere. */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

async function fetchBlob({ options, objects }: Repository, item: SourceItem): Promise<Uint8Array> {
  const { path, sizeBytes, changeMark } = item
  const limitBytes = options.maxFileBytes
  if (sizeBytes > limitBytes) throw new TouchstoneError('SOURCE_ITEM_TOO_LARGE', { details: { path, sizeBytes, limitBytes } })
  const bytes = await objects.read(changeMark).catch((cause: unknown) => {
    throw new TouchstoneError('SOURCE_ITEM_CHANGED', { details: { path }, cause })
  })
  // Another run may have fetched a rewritten history meanwhile.
  if (bytes === undefined) throw new TouchstoneError('SOURCE_ITEM_CHANGED', { details: { path } })
  if (bytes.length < 1_024 && Buffer.from(bytes).toString('latin1').startsWith(LFS_POINTER)) {
    const reason = 'its content lies in Git LFS, which is not read'
    throw new TouchstoneError('SOURCE_ITEM_UNREADABLE', { details: { path, reason } })
  }
  return bytes
}
