/** Logs of Inspect, version 2: one JSON document, or an `.eval` archive. Knows their form; (id, epoch) is what pairs. */
import type { RecordedRun, RunRecord } from '../../../contracts/recorded-run.ts'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../../../foundation/hashing/content-hash.ts'
import { invalidFile, newerFile, type ExchangeFile } from '../files/exchange-file.ts'
import { Fields, isPlainObject, optional } from '../files/fields.ts'
import { readJsonElements } from '../files/json-elements.ts'
import { parsePythonJson } from '../files/python-json.ts'
import { readZipMembers } from '../files/zip-members.ts'
import { writeInspectLog } from './inspect-log-file.ts'
import { readOwnRecord, readOwnRun, OWN_MEMBER } from './own-fields.ts'
import { outcomeOf, readScores, type ReadScores } from './record-scores.ts'
import type { RunFormat } from './run-format.ts'
import { UnsupportedParts } from '../files/unsupported-parts.ts'

const NEWEST_VERSION = 2
/** Inspect's own letters: correct, incorrect, partly, no answer. Source: inspect_ai.scorer value_to_float. */
const LETTERS: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0 }
const WORDS: Readonly<Record<string, number>> = { yes: 1, true: 1, no: 0, false: 0 }

export const inspectLog: RunFormat = {
  id: 'inspect',
  summary: 'Inspect logs, .eval or JSON version 2',
  part: 'target',
  recognises: ({ head, name }) =>
    isArchive(head, name) || (/^\s*\{/.test(head) && /"eval"\s*:\s*\{/.test(head) && /"version"\s*:\s*\d/.test(head)),
  read: async (file) => [await readInspectLog(file)],
  write: writeInspectLog,
}

function isArchive(head: string, name: string): boolean {
  return head.startsWith('PK') && name.endsWith('.eval')
}

interface Found {
  readonly records: RunRecord[]
  readonly unsupported: UnsupportedParts
}

async function readInspectLog(file: ExchangeFile): Promise<RecordedRun> {
  const found: Found = { records: [], unsupported: new UnsupportedParts() }
  const header = isArchive(file.head, file.name) ? await readArchive(file, found) : await readDocument(file, found)
  const version = header.number('version') ?? 1
  if (version > NEWEST_VERSION) throw newerFile(file.path, String(version), String(NEWEST_VERSION))
  const spec = header.required(header.object('eval'), 'eval')
  noteStatus(header, found.unsupported)
  return {
    format: `inspect/${version}`,
    run: spec.text('run_id') ?? file.name,
    target: spec.text('model') ?? 'model',
    meanings: {},
    planned: Math.max(plannedSamples(spec), found.records.length),
    ...readOwnRun(spec.object('metadata')),
    records: inOrder(found.records),
    unsupported: found.unsupported.lines(),
  }
}

async function readDocument(file: ExchangeFile, found: Found): Promise<Fields> {
  const whole = await readJsonElements(file.path, ['samples'], (sample, where) => {
    found.records.push(recordOf(new Fields(file.path, where, sample), found.unsupported))
  })
  return new Fields(file.path, 'the document', whole)
}

async function readArchive(file: ExchangeFile, found: Found): Promise<Fields> {
  let header: Fields | undefined
  // A member that was written again stands there twice, and the later one counts.
  const records = new Map<string, RunRecord>()
  await readZipMembers(file.path, isWanted, (name, text) => {
    const fields = new Fields(file.path, name, parseMember(file.path, name, text))
    if (name === 'header.json') header = fields
    else records.set(name, recordOf(fields, found.unsupported))
  })
  for (const record of records.values()) found.records.push(record)
  if (header === undefined) throw invalidFile(file.path, 'it has no header.json: the evaluation was still running, or was killed')
  return header
}

function isWanted(name: string): boolean {
  return name === 'header.json' || (name.startsWith('samples/') && name.endsWith('.json'))
}

function parseMember(path: string, name: string, text: string): unknown {
  try {
    return parsePythonJson(text)
  } catch (error) {
    throw invalidFile(path, `${name} is no JSON: ${messageOf(error)}`, error)
  }
}

function noteStatus(header: Fields, unsupported: UnsupportedParts): void {
  const status = header.text('status')
  if (status !== undefined && status !== 'success')
    unsupported.add(`the evaluation ended as "${status}": samples that never ran count as skipped`)
  if (header.raw['invalidated'] === true) unsupported.add('the log is marked as invalidated')
}

/** Samples of the dataset, or of its part that was asked for, in each epoch. */
function plannedSamples(spec: Fields): number {
  const dataset = spec.object('dataset')
  const samples = dataset?.list('sample_ids')?.length ?? dataset?.count('samples') ?? 0
  return samples * (spec.object('config')?.count('epochs') ?? 1)
}

function recordOf(sample: Fields, unsupported: UnsupportedParts): RunRecord {
  const id = sample.required(sample.id('id'), 'id')
  const epoch = sample.required(sample.count('epoch'), 'epoch')
  const error = sample.object('error')
  const scores = scoresOf(sample, unsupported)
  const metadata = sample.object('metadata')
  const totalSeconds = sample.number('total_time')
  const output = outputOf(sample)
  const record: RunRecord = {
    case: id,
    repeat: Math.max(0, epoch - 1),
    caseHash: contentHash(canonicalJson({ input: askedOf(sample.raw['input']), target: sample.raw['target'] ?? null })),
    outcome: error === undefined ? outcomeOf(scores) : 'errored',
    scores: error === undefined ? scores.scores : {},
    slice: sliceOf(metadata),
    ...optional('durationMs', totalSeconds === undefined ? undefined : totalSeconds * 1_000),
    ...optional('output', output),
    ...(error === undefined ? {} : { error: { code: 'ERROR', message: error.text('message') ?? '' } }),
  }
  return readOwnRecord(metadata, { scores: scores.scores, ...optional('output', output) }) ?? record
}

/** Messages have ids of their own in each run; what was said is what counts. */
function askedOf(input: unknown): unknown {
  if (!Array.isArray(input)) return input ?? null
  return input.map((message: unknown) =>
    isPlainObject(message) ? { role: message['role'], content: message['content'] } : message,
  )
}

function outputOf(sample: Fields): string | undefined {
  const text = sample.object('output')?.text('completion')
  if (text?.startsWith('attachment://') !== true) return text === '' ? undefined : text
  return sample.object('attachments')?.text(text.slice('attachment://'.length)) ?? text
}

function sliceOf(metadata: Fields | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata?.raw ?? {}).filter(
    ([name, value]) => name !== OWN_MEMBER && ['string', 'number', 'boolean'].includes(typeof value),
  )
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** A dict of values is a metric each, `scorer.key`; a list an average of nothing that is known, so it is told. */
function scoresOf(sample: Fields, unsupported: UnsupportedParts): ReadScores {
  const scores = sample.object('scores')
  const values = Object.keys(scores?.raw ?? {}).flatMap((name): readonly (readonly [string, unknown])[] => {
    const value = scores?.object(name)?.raw['value'] ?? null
    if (isPlainObject(value)) return Object.entries(value).map(([key, part]) => [`${name}.${key}`, numberOf(part)] as const)
    if (Array.isArray(value)) unsupported.add(`scorer ${name}: a list of values`)
    return [[name, numberOf(value)]]
  })
  const read = readScores(values)
  for (const metric of read.missing) unsupported.add(`scorer ${metric}: a value that is no number`)
  return read
}

function numberOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const known = LETTERS[value] ?? WORDS[value.toLowerCase()]
  if (known !== undefined) return known
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined
}

/** Archives hold samples as they ended. */
function inOrder(records: readonly RunRecord[]): readonly RunRecord[] {
  const place = new Map<string, number>()
  for (const { case: id } of records) if (!place.has(id)) place.set(id, place.size)
  return records.toSorted(
    (left, right) => left.repeat - right.repeat || (place.get(left.case) ?? 0) - (place.get(right.case) ?? 0),
  )
}
