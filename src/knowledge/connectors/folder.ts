/** A folder of files as a source, with permissions from configuration rules and from access.yaml beside the files. Knows nothing of formats. */
import { constants, watch, type BigIntStats } from 'node:fs'
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { z } from 'zod'
import type {
  Connector,
  ConnectorExtension,
  ConnectorParts,
  DeclaredAccess,
  ListingFailure,
  SourceItem,
} from '../../contracts/connector.ts'
import { parseAclDeclaration } from '../../foundation/access/acl-declaration.ts'
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { messageOf, TouchstoneError, toTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { ACCESS_FILE, ACCESS_LOOKALIKE, readFolderAccess, type FolderAccess } from './folder-access.ts'

/** What a source of the kind `folder` may say in the configuration. */
export const folderOptionsSchema = z.strictObject({
  path: z.string().min(1).describe('The folder; a relative path begins where the configuration file lies.'),
  include: z.array(z.string()).default(['**']).describe('Only files that match one of these patterns are read.'),
  exclude: z.array(z.string()).default([]).describe('Of these, files that match one of these patterns are left out.'),
  maxFileBytes: z.number().int().positive().default(50_000_000).describe('A larger file is not read and counts as failed.'),
  access: z
    .array(z.looseObject({ path: z.string().min(1) }))
    .default([])
    .describe(
      'Who may read what, as { path: pattern, readers | all, deny }: the outermost declarations, the last match nearest.',
    ),
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

interface Walk {
  readonly root: string
  readonly options: FolderOptions
  readonly wanted: (path: string) => boolean
  readonly rules: readonly { readonly matches: (path: string) => boolean; readonly declared: DeclaredAccess }[]
}

function createFolderConnector(options: FolderOptions, parts: ConnectorParts): Connector {
  const root = resolve(parts.baseDirectory, options.path)
  const included = picomatch(options.include, { dot: false })
  const excluded = picomatch(options.exclude, { dot: true })
  const rules = options.access.map(({ path, ...rule }, index) => ({
    matches: picomatch(path, { dot: true }),
    declared: { place: `rule:${index}`, declaration: parseAclDeclaration(rule) },
  }))
  const walk: Walk = { root, options, rules, wanted: (path) => included(path) && !excluded(path) }
  return {
    list: (signal) => listFolder(walk, parts.sourceId, signal),
    fetch: (item) => fetchFile(walk, item),
    watch: (onChange) => watchFolder(root, onChange),
  }
}

async function* listFolder(walk: Walk, source: string, signal: AbortSignal): AsyncGenerator<SourceItem | ListingFailure> {
  const details = { source, path: walk.root }
  const root = await lstatOrNothing(await realpath(walk.root).catch(() => walk.root))
  if (root === undefined || !root.isDirectory()) throw new TouchstoneError('SOURCE_PATH_MISSING', { details })
  yield* listDirectory(walk, '', [], signal)
}

async function* listDirectory(
  walk: Walk,
  directory: string,
  inherited: readonly DeclaredAccess[],
  signal: AbortSignal,
): AsyncGenerator<SourceItem | ListingFailure> {
  signal.throwIfAborted()
  const entries = await readdir(join(walk.root, directory), { withFileTypes: true }).catch((error: unknown) => messageOf(error))
  if (typeof entries === 'string') {
    const details = { path: directory, reason: entries }
    yield toFailure(directory, new TouchstoneError('SOURCE_ITEM_UNREADABLE', { details }))
    return
  }
  const access = await readFolderAccess(
    walk.root,
    directory,
    entries.map((entry) => entry.name),
  )
  const chain = access === undefined ? inherited : [...inherited, ...access.folder]
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || ACCESS_LOOKALIKE.test(entry.name)) continue
    if (entry.isDirectory()) yield* listDirectory(walk, path, chain, signal)
    else if (walk.wanted(path)) yield* listFile(walk, path, chain, access)
  }
  const present = new Set(entries.map((entry) => entry.name.normalize()))
  for (const name of access?.names ?? []) {
    if (present.has(name)) continue
    const path = directory === '' ? ACCESS_FILE : `${directory}/${ACCESS_FILE}`
    yield toFailure(path, new TouchstoneError('ACCESS_RULE_UNMATCHED', { details: { path, name } }))
  }
}

async function* listFile(
  walk: Walk,
  path: string,
  chain: readonly DeclaredAccess[],
  access: FolderAccess | undefined,
): AsyncGenerator<SourceItem | ListingFailure> {
  const stats = await lstatOrNothing(join(walk.root, path))
  if (stats === undefined) return
  if (stats.isSymbolicLink()) {
    // A link could carry a confidential file into an open folder: links are not followed. One that leaves the root is reported.
    if (!(await staysInside(walk.root, path)))
      yield toFailure(path, new TouchstoneError('SOURCE_LINK_OUTSIDE', { details: { path } }))
    return
  }
  if (!stats.isFile()) return
  const rules = walk.rules.filter((rule) => rule.matches(path)).map((rule) => rule.declared)
  yield {
    path,
    changeMark: `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${stats.ino}`,
    sizeBytes: Number(stats.size),
    modifiedAtMs: Math.round(Number(stats.mtimeMs)),
    access: [...rules, ...chain, ...(access?.file(path) ?? [])],
  }
}

async function fetchFile(walk: Walk, item: SourceItem): Promise<Uint8Array> {
  const { path } = item
  const limitBytes = walk.options.maxFileBytes
  if (item.sizeBytes > limitBytes)
    throw new TouchstoneError('SOURCE_ITEM_TOO_LARGE', { details: { path, sizeBytes: item.sizeBytes, limitBytes } })
  let handle: FileHandle | undefined
  try {
    // A folder on the way may have become a link since the listing.
    if (!(await staysInside(walk.root, path, true))) throw new TouchstoneError('SOURCE_LINK_OUTSIDE', { details: { path } })
    handle = await open(join(walk.root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
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

function toFailure(path: string, error: unknown): ListingFailure {
  const { code, message } = toTouchstoneError(error)
  return { path, code, message }
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
