/** A test collection in BEIR's form: documents, queries, and what people judged relevant. Knows the files; knows nothing of searching. */
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { contentHash } from '../../../foundation/hashing/content-hash.ts'
import type { Judgements } from '../../../foundation/statistics/ranking-metrics.ts'
import { createProblems, readLines, splitFields, type Problems } from './text-lines.ts'

export interface CollectionDocument {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface CollectionQuery {
  readonly id: string
  readonly text: string
  /** The asker's earlier questions, oldest first. */
  readonly history: readonly string[]
  /** Documents that the query was made from: a ranking is scored without them. */
  readonly linkedFrom: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface JudgedCollection {
  readonly name: string
  /** Changes whenever a document changes. */
  readonly corpusVersion: string
  readonly documents: readonly CollectionDocument[]
  readonly queries: readonly CollectionQuery[]
  /** By query id. */
  readonly judgements: ReadonlyMap<string, Judgements>
}

/**
 * Reads `corpus.jsonl`, `queries.jsonl`, and `qrels.tsv` or `qrels/test.tsv`. A document or query that stands there twice in the
 * same words counts once; judgements may name documents and queries that are absent.
 * @throws TouchstoneError DATASET_INVALID naming file and line of what is wrong
 */
export async function loadJudgedCollection(directory: string): Promise<JudgedCollection> {
  const problems = createProblems()
  const corpus = await readRecords(join(directory, 'corpus.jsonl'), documentSchema, problems)
  if (corpus.length === 0) problems.add('corpus.jsonl', 'it has no documents')
  const questions = await readQuestions(directory, problems)
  problems.throwIfAny(directory)
  return { ...questions, corpusVersion: contentHash(...corpus.map((document) => JSON.stringify(document))), documents: corpus }
}

export type JudgedQuestions = Pick<JudgedCollection, 'name' | 'queries' | 'judgements'>

/** The same without a corpus: the documents are those that are indexed. @throws TouchstoneError DATASET_INVALID */
export async function loadJudgedQuestions(directory: string): Promise<JudgedQuestions> {
  const problems = createProblems()
  const questions = await readQuestions(directory, problems)
  problems.throwIfAny(directory)
  return questions
}

async function readQuestions(directory: string, problems: Problems): Promise<JudgedQuestions> {
  const qrels = [join(directory, 'qrels.tsv'), join(directory, 'qrels', 'test.tsv')].filter((path) => existsSync(path))
  const queries = await readRecords(join(directory, 'queries.jsonl'), querySchema, problems)
  const judgements = await readJudgements(qrels[0] ?? join(directory, 'qrels.tsv'), problems)
  if (queries.length === 0) problems.add('queries.jsonl', 'it has no queries')
  return { name: basename(resolve(directory)), queries, judgements }
}

const id = z.union([z.string().min(1), z.number()]).transform(String)
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
const metadata = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {})

const documentSchema = z
  .object({ _id: id, title: text, text, metadata })
  .transform(({ _id, ...rest }): CollectionDocument => ({ id: _id, ...rest }))

const turn = z.union([
  z.string().transform((said) => ({ speaker: 'user', said })),
  z.object({ speaker: z.string(), text: z.string() }).transform(({ speaker, text: said }) => ({ speaker, said })),
  z.object({ role: z.string(), content: z.string() }).transform(({ role, content }) => ({ speaker: role, said: content })),
])
const conversation = z.looseObject({ history: z.array(turn).nullish(), linked_from: z.array(z.string()).nullish() }).nullish()

const querySchema = z
  .object({ _id: id, text, metadata: conversation })
  .transform(({ _id, text: asked, metadata: about }): CollectionQuery => ({
    id: _id,
    text: asked,
    history: (about?.history ?? []).filter(({ speaker }) => speaker === 'user').map(({ said }) => said),
    linkedFrom: about?.linked_from ?? [],
    metadata: about ?? {},
  }))

interface Identified {
  readonly id: string
}

async function readRecords<Found extends Identified>(
  path: string,
  schema: z.ZodType<Found>,
  problems: Problems,
): Promise<readonly Found[]> {
  const found = new Map<string, { readonly record: Found; readonly line: number }>()
  for await (const { number, text: line } of readLines(path)) {
    const where = `${basename(path)}:${number}`
    const parsed = schema.safeParse(parseJson(line))
    if (!parsed.success) {
      problems.add(where, describeIssue(line, parsed.error))
      continue
    }
    const record = parsed.data
    const earlier = found.get(record.id)
    if (earlier === undefined) found.set(record.id, { record, line: number })
    else if (JSON.stringify(earlier.record) !== JSON.stringify(record))
      problems.add(where, `the id ${record.id} stands at line ${earlier.line} already, with other content`)
  }
  return [...found.values()].map(({ record }) => record)
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}

function describeIssue(line: string, { issues }: z.ZodError): string {
  try {
    JSON.parse(line)
  } catch (error) {
    return messageOf(error)
  }
  return issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`.replace(/^: /, '')).join('; ')
}

/** Three columns as BEIR has them (query, document, gain; with or without a header), or TREC's four. */
export async function readJudgements(path: string, problems: Problems): Promise<ReadonlyMap<string, Judgements>> {
  const judgements = new Map<string, Map<string, number>>()
  let isFirst = true
  for await (const { number, text: line } of readLines(path)) {
    const fields = splitFields(line)
    const [query = '', document = '', last = ''] = fields.length === 4 ? [fields[0], fields[2], fields[3]] : fields
    const gain = last === '' ? Number.NaN : Number(last)
    const isHeader = isFirst && Number.isNaN(gain) && fields.length === 3
    isFirst = false
    if (isHeader) continue
    const where = `${basename(path)}:${number}`
    const judged = judgements.get(query) ?? new Map<string, number>()
    if (fields.length < 3 || fields.length > 4 || query === '' || document === '' || !Number.isFinite(gain))
      problems.add(where, 'expected a query id, a document id and a gain as a number, with tabs between them')
    else if ((judged.get(document) ?? gain) !== gain)
      problems.add(where, `${document} has another gain for query ${query} already`)
    else judgements.set(query, judged.set(document, gain))
  }
  return judgements
}
