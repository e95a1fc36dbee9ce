/**
 * One folder with everything that a verdict rests on: both runs, the policy, the day, and the report in every form. From the first
 * three the rest is made again byte for byte, offline. Knows the folder; decides nothing.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RecordedRun } from '../../../contracts/recorded-run.ts'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { canonicalJson } from '../../../foundation/hashing/content-hash.ts'
import { filesBelow, syncFolder, writeDurably } from '../../../foundation/storage/durable-files.ts'
import { decideRelease, type GateDay } from '../decide-release.ts'
import { parseGatePolicy, type GatePolicy } from '../gate-policy.ts'
import type { GateReport } from '../gate-report.ts'
import { parseRecordedRun, writeRecordedRun } from './recorded-run-file.ts'
import { renderHtml } from './render-html.ts'
import { renderAnnotations, renderJUnit } from './render-junit.ts'
import { renderMarkdown } from './render-markdown.ts'

export interface GateInputs extends GateDay {
  readonly baseline: RecordedRun
  readonly candidate: RecordedRun
  readonly policy: GatePolicy
}

const MANIFEST = 'bundle.json'
const FORMAT = 'touchstone-evidence/1'
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** The only thing in the folder that a second run would write otherwise. */
  recordedAt: z.iso.datetime(),
  /** Of the program that made it. */
  version: z.string(),
  today: z.iso.date(),
  /** SHA-256 by name. */
  files: z.record(z.string(), hash),
  /** SHA-256 of the day and `files`, as JSON with sorted keys: what a release refers to. */
  bundle: hash,
})

/** @returns the report, and the files of a bundle by name, its manifest excepted */
export function makeEvidence(inputs: GateInputs): { readonly report: GateReport; readonly files: ReadonlyMap<string, string> } {
  const report = decideRelease(inputs.baseline, inputs.candidate, inputs.policy, inputs)
  const files = new Map([
    ['baseline.jsonl', writeRecordedRun(inputs.baseline)],
    ['candidate.jsonl', writeRecordedRun(inputs.candidate)],
    ['policy.json', `${JSON.stringify(inputs.policy, null, 2)}\n`],
    ['report.json', `${JSON.stringify(report, null, 2)}\n`],
    ['report.md', renderMarkdown(report)],
    ['report.html', renderHtml(report)],
    ['junit.xml', renderJUnit(report)],
    ['annotations.txt', renderAnnotations(report)],
  ])
  return { report, files }
}

/**
 * Written beside and renamed, so that a folder of this name is whole or not there.
 * @returns the hash of the bundle @throws TouchstoneError BUNDLE_EXISTS, DISK_FULL
 */
export async function writeBundle(
  directory: string,
  inputs: GateInputs,
  { recordedAt, version }: { readonly recordedAt: string; readonly version: string },
): Promise<string> {
  const { files } = makeEvidence(inputs)
  const hashes = Object.fromEntries([...files].map(([name, text]) => [name, sha256(text)]))
  const bundle = hashOf(inputs.today, hashes)
  const manifest = { format: FORMAT, recordedAt, version, today: inputs.today, files: hashes, bundle }
  const unfinished = `${directory}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  // Answers may be for few eyes.
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  for (const [name, text] of files) await writeDurably(join(unfinished, name), text)
  await writeDurably(join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
  await syncFolder(unfinished)
  await rename(unfinished, directory).catch((error: unknown) => {
    throw new TouchstoneError('BUNDLE_EXISTS', { details: { path: directory }, cause: error })
  })
  return bundle
}

export interface BundleCheck {
  readonly bundle: string
  readonly report: GateReport
  /** One line for each thing that is not as it was written, or that comes out otherwise now. None: the verdict stands. */
  readonly problems: readonly string[]
  readonly recordedAt: string
  readonly version: string
}

/** Reads nothing but the folder. @throws TouchstoneError BUNDLE_INVALID when it is not a bundle, RUN_FILE_INVALID, GATE_POLICY_INVALID */
export async function verifyBundle(directory: string): Promise<BundleCheck> {
  const manifest = await readManifest(directory)
  const there = new Map<string, string>()
  for (const name of await filesBelow(directory)) there.set(name, await readFile(join(directory, name), 'utf8'))
  const textOf = (name: string): string => there.get(name) ?? invalid(directory, `it has no ${name}`)
  const { report, files } = makeEvidence({
    baseline: parseRecordedRun(textOf('baseline.jsonl'), join(directory, 'baseline.jsonl')),
    candidate: parseRecordedRun(textOf('candidate.jsonl'), join(directory, 'candidate.jsonl')),
    policy: parseGatePolicy(textOf('policy.json'), join(directory, 'policy.json')),
    today: manifest.today,
  })
  const names = new Set([...Object.keys(manifest.files), ...there.keys(), ...files.keys()])
  names.delete(MANIFEST)
  const problems = [...names].sort().flatMap((name) => {
    const [written, now, made] = [manifest.files[name], there.get(name), files.get(name)]
    if (now === undefined) return [`${name} is missing`]
    if (written === undefined) return [`${name} is not part of the bundle`]
    if (sha256(now) !== written) return [`${name} was changed after it was written`]
    return made === now ? [] : [`${name} comes out otherwise when it is made again`]
  })
  const stated = hashOf(manifest.today, manifest.files) === manifest.bundle
  const { bundle, recordedAt, version } = manifest
  return { bundle, report, recordedAt, version, problems: [...(stated ? [] : ['the hash of the bundle is not that of its files']), ...problems] } // prettier-ignore
}

async function readManifest(directory: string): Promise<z.output<typeof manifestSchema>> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(directory, MANIFEST), 'utf8')))
  } catch (error) {
    return invalid(directory, error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error))
  }
}

function invalid(path: string, reason: string): never {
  throw new TouchstoneError('BUNDLE_INVALID', { details: { path, reason } })
}

function hashOf(today: string, files: Readonly<Record<string, string>>): string {
  return sha256(canonicalJson({ today, files }))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
