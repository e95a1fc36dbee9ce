/** A folder of files as a source, with permissions from configuration rules and from access.yaml beside the files. Knows nothing of formats. */
import { constants, watch, type BigIntStats } from 'node:fs'
import { lstat, open, readdir, readFile, realpath, type FileHandle } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { z } from 'zod'
import type { Connector, ConnectorExtension, ConnectorParts, ListingFailure, SourceItem } from '../../contracts/connector.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { toListingFailure, walkTree, type DeclaredTree, type TreeLeaf } from './declared-tree.ts'
import { createPathSelection, selectionOptions, type PathSelection } from './path-selection.ts'

/** What a source of the kind `folder` may say in the configuration. */
export const folderOptionsSchema = z.strictObject({
  path: z.string().min(1).describe('The folder; a relative path begins where the configuration file lies.'),
  ...selectionOptions,
})
export type FolderOptions = z.infer<typeof folderOptionsSchema>

export const folderConnector: ConnectorExtension<FolderOptions> = {
  id: 'folder',
  version: 1,
  summary: 'Files below a folder; permissions by path rule, access.yaml and front matter.',
  defaultMaxLagMinutes: 24 * 60,
  parseOptions: (input) => folderOptionsSchema.parse(input),
  create: createFolderConnector,
}

interface Folder {
  readonly root: string
  readonly options: FolderOptions
}

function createFolderConnector(options: FolderOptions, parts: ConnectorParts): Connector {
  const root = resolve(parts.baseDirectory, options.path)
  const selection = createPathSelection(options)
  const folder: Folder = { root, options }
  return {
    list: (signal) => listFolder(folder, selection, parts.sourceId, signal),
    fetch: (item) => fetchFile(folder, item),
    watch: (onChange) => watchFolder(root, onChange),
  }
}

async function* listFolder(
  { root }: Folder,
  selection: PathSelection,
  source: string,
  signal: AbortSignal,
): AsyncGenerator<SourceItem | ListingFailure> {
  const details = { source, path: root }
  const stats = await lstatOrNothing(await realpath(root).catch(() => root))
  if (stats === undefined || !stats.isDirectory()) throw new TouchstoneError('SOURCE_PATH_MISSING', { details })
  const tree: DeclaredTree = {
    entries: async (directory) =>
      (await readdir(join(root, directory), { withFileTypes: true })).map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory(),
      })),
    readRules: (path, mostBytes) => readRules(join(root, path), mostBytes),
  }
  for await (const found of walkTree(tree, selection, [], signal)) {
    if ('code' in found) yield found
    else yield* listFile(root, found)
  }
}

async function readRules(path: string, mostBytes: number): Promise<string> {
  const stats = await lstat(path)
  if (!stats.isFile()) throw new TypeError('it is no regular file')
  if (stats.size > mostBytes) throw new RangeError(`it is larger than ${mostBytes} bytes`)
  return readFile(path, 'utf8')
}

async function* listFile(root: string, { path, access }: TreeLeaf): AsyncGenerator<SourceItem | ListingFailure> {
  const stats = await lstatOrNothing(join(root, path))
  if (stats === undefined) return
  if (stats.isSymbolicLink()) {
    // A link could carry a confidential file into an open folder: links are not followed. One that leaves the root is reported.
    if (!(await staysInside(root, path)))
      yield toListingFailure(path, new TouchstoneError('SOURCE_LINK_OUTSIDE', { details: { path } }))
    return
  }
  if (!stats.isFile()) return
  yield {
    path,
    changeMark: `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.ino}`,
    sizeBytes: Number(stats.size),
    modifiedAtMs: Math.round(Number(stats.mtimeMs)),
    access,
  }
}

async function fetchFile(folder: Folder, item: SourceItem): Promise<Uint8Array> {
  const { path } = item
  const limitBytes = folder.options.maxFileBytes
  if (item.sizeBytes > limitBytes)
    throw new TouchstoneError('SOURCE_ITEM_TOO_LARGE', { details: { path, sizeBytes: item.sizeBytes, limitBytes } })
  let handle: FileHandle | undefined
  try {
    // A folder on the way may have become a link since the listing.
    if (!(await staysInside(folder.root, path, true))) throw new TouchstoneError('SOURCE_LINK_OUTSIDE', { details: { path } })
    handle = await open(join(folder.root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    const before = await handle.stat({ bigint: true })
    const bytes = await handle.readFile()
    const after = await handle.stat({ bigint: true })
    if (before.mtimeNs !== after.mtimeNs || before.size !== after.size || BigInt(bytes.length) !== after.size)
      throw new TouchstoneError('SOURCE_ITEM_CHANGED', { details: { path } })
    return bytes
  } catch (error) {
    if (error instanceof TouchstoneError) throw error
    throw new TouchstoneError('SOURCE_ITEM_UNREADABLE', { details: { path, reason: messageOf(error) }, cause: error })
  } finally {
    await handle?.close()
  }
}

/** @param exactly whether the path must also be free of links, so that its place in the tree is the declared one */
async function staysInside(root: string, path: string, exactly = false): Promise<boolean> {
  const realRoot = await realpath(root)
  const target = await realpath(join(root, path)).catch(() => undefined)
  if (target === undefined) return false
  return exactly ? target === join(realRoot, path) : target.startsWith(realRoot + sep)
}

function lstatOrNothing(path: string): Promise<BigIntStats | undefined> {
  return lstat(path, { bigint: true }).catch(() => undefined)
}

/** Changes come in bursts: one call a quiet third of a second after the last. */
const QUIET_MS = 300

function watchFolder(root: string, onChange: () => void): () => void {
  let cancel = (): void => {}
  const watcher = watch(root, { recursive: true, persistent: false }, () => {
    cancel()
    cancel = systemClock.after(QUIET_MS, onChange)
  })
  // A folder that vanishes ends the watch; the next ingest reports it.
  watcher.on('error', () => watcher.close())
  return () => {
    cancel()
    watcher.close()
  }
}
