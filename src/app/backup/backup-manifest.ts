/** What a backup says about itself, and whether the files bear it out. Knows the format; knows nothing of what the files mean. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { filesBelow, hashFile } from '../../foundation/storage/durable-files.ts'

export const MANIFEST_NAME = 'manifest.json'
/** The state's copy, whatever database it was copied from. */
export const STATE_NAME = 'state.sqlite'
export const INDEX_NAME = 'index'
/** Raised when an older program could not read what a newer one writes. */
const FORMAT = 1

const whole = z.number().int().nonnegative()
const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** Version of the program that wrote it. */
  release: z.string(),
  createdAt: z.iso.datetime(),
  tenant: z.string(),
  /** Hash of chunker, analysis and parsers, and the engine: an index of another is not loaded but made again. */
  index: z.object({ engine: z.string(), definition: z.string() }).nullable(),
  /** The state's generation of permissions: a live state beyond it has newer ones. */
  accessGeneration: whole,
  counts: z.object({ documents: whole, chunks: whole, users: whole, groups: whole, keys: whole }),
  secrets: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: whole, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})

export type BackupManifest = z.output<typeof manifestSchema>

export const SECRETS_NOTE =
  'The texts of all documents, conversations and the audit are inside in the clear, service keys as hashes: keep it as you keep the data folder.'

export function newManifest(content: Omit<BackupManifest, 'format' | 'secrets'>): BackupManifest {
  return { format: FORMAT, secrets: SECRETS_NOTE, ...content }
}

/**
 * The manifest of a backup all of whose files are there as they were written.
 * @throws TouchstoneError BACKUP_INVALID, BACKUP_NEWER
 */
export async function verifyBackup(directory: string, onBytes: (done: number, total: number) => void): Promise<BackupManifest> {
  const manifest = await readManifest(directory)
  const invalid = (reason: string): TouchstoneError =>
    new TouchstoneError('BACKUP_INVALID', { details: { path: directory, reason } })
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
  const present = new Set(await filesBelow(directory))
  let done = 0
  for (const { path, bytes, sha256 } of manifest.files) {
    if (!present.has(path)) throw invalid(`${path} is missing`)
    const found = await hashFile(join(directory, path), (count) => onBytes((done += count), total))
    if (found.bytes !== bytes) throw invalid(`${path} has ${found.bytes} bytes instead of ${bytes}`)
    if (found.sha256 !== sha256) throw invalid(`${path} is not what was written (its SHA-256 differs)`)
  }
  if (!manifest.files.some(({ path }) => path === STATE_NAME)) throw invalid(`it names no ${STATE_NAME}`)
  return manifest
}

async function readManifest(directory: string): Promise<BackupManifest> {
  const path = join(directory, MANIFEST_NAME)
  const fail = (reason: string, cause?: unknown): never => {
    throw new TouchstoneError('BACKUP_INVALID', { details: { path: directory, reason }, cause })
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => fail(`there is no readable ${MANIFEST_NAME}`, error))
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return fail(`${MANIFEST_NAME} is no JSON (${messageOf(error)})`, error)
  }
  const newer = z.object({ format: z.number().gt(FORMAT), release: z.string() }).safeParse(content)
  if (newer.success) {
    const details = { path: directory, release: newer.data.release, found: newer.data.format, known: FORMAT }
    throw new TouchstoneError('BACKUP_NEWER', { details })
  }
  const parsed = manifestSchema.safeParse(content)
  return parsed.success ? parsed.data : fail(`${MANIFEST_NAME}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`)
}
