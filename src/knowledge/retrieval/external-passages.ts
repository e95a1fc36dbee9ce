/** Passages of indexes elsewhere, asked beside our own. Knows the late lock and how a result becomes passages; knows no protocol. */
import type { Asker } from '../../contracts/asker.ts'
import type { Chunker } from '../../contracts/chunker.ts'
import type { Passage, TextBlock } from '../../contracts/document.ts'
import type { ExternalIndex, ExternalResult } from '../../contracts/external-index.ts'
import type { ChunkId, DocumentId, DocumentVersion } from '../../contracts/identity.ts'
import type { MetadataFilter, RetrievalQuestion } from '../../contracts/retrieval.ts'
import type { ExternalDocuments } from '../../foundation/access/external-documents.ts'
import { TouchstoneError, isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { contentHash } from '../../foundation/hashing/content-hash.ts'
import { parsePathPattern } from '../../foundation/storage/path-pattern.ts'
import { analyseText } from '../../foundation/text/analysis.ts'
import { detectLanguage } from '../../foundation/text/language.ts'
import type { LockParts } from './second-lock.ts'

export interface ExternalSearchParts extends Pick<LockParts, 'access'> {
  /** By id; the settings name those that are asked. */
  readonly externals: ReadonlyMap<string, ExternalIndex>
  readonly externalDocuments: Pick<ExternalDocuments, 'remember'>
  readonly chunker: Chunker
  /** Told why an index was gone on without. */
  readonly log: (text: string) => void
}

export interface ExternalFindings {
  readonly passages: readonly Passage[]
  /** Results dropped because the asker may not read them now. */
  readonly withheld: number
  /** Indexes that did not answer: search went on without them. */
  readonly unavailable: readonly string[]
}

const PASSAGES_OF_ONE = 2

/** @throws TouchstoneError CONFIG_INVALID when an index is unknown; one that fails is told in `unavailable` */
export async function searchExternals(
  question: RetrievalQuestion,
  asker: Asker,
  ids: readonly string[],
  parts: ExternalSearchParts,
  signal: AbortSignal,
): Promise<ExternalFindings> {
  const findings = await Promise.all(ids.map((id) => searchOne(question, asker, externalNamed(id, parts), parts, signal)))
  return {
    passages: findings.flatMap(({ passages }) => passages),
    withheld: findings.reduce((sum, { withheld }) => sum + withheld, 0),
    unavailable: findings.flatMap(({ unavailable }) => unavailable),
  }
}

async function searchOne(
  question: RetrievalQuestion,
  asker: Asker,
  external: ExternalIndex,
  parts: ExternalSearchParts,
  signal: AbortSignal,
): Promise<ExternalFindings> {
  try {
    const query = { text: question.text, user: asker.user, principals: [...asker.principals].sort() }
    const found = await external.search(query, signal)
    const documents = found.map((result) => toDocument(external, result))
    parts.externalDocuments.remember(asker.tenant, documents)
    // Only now, with the principals of this moment: whatever the index was asked for.
    const readable = await parts.access.readableNow(
      asker,
      documents.map(({ id }) => id),
    )
    const admitted = documents.filter((document) => readable.has(document.id) && satisfies(document, question.filter))
    return {
      passages: admitted.flatMap((document) => toPassages(document, external, question, parts.chunker)),
      withheld: documents.filter(({ id }) => !readable.has(id)).length,
      unavailable: [],
    }
  } catch (error) {
    const isItsFault =
      isTouchstoneError(error, 'EXTERNAL_INDEX_UNAVAILABLE') || isTouchstoneError(error, 'EXTERNAL_INDEX_INVALID')
    if (!isItsFault) throw error
    parts.log(error.message)
    return { passages: [], withheld: 0, unavailable: [external.id] }
  }
}

interface FoundDocument {
  readonly id: DocumentId
  readonly version: DocumentVersion
  readonly text: string
  readonly acl: ExternalResult['acl']
  readonly source: string
  readonly path: string
  readonly language: string
  readonly result: ExternalResult
}

/** Its version is the hash of its text: a citation names exactly what was shown, also after the index has something newer. */
function toDocument({ id: source }: ExternalIndex, result: ExternalResult): FoundDocument {
  const { id, text, acl, url } = result
  return {
    id: `${source}:${id}` as DocumentId,
    version: contentHash(text) as DocumentVersion,
    text,
    acl,
    source,
    path: url ?? id,
    language: result.language ?? detectLanguage(text),
    result,
  }
}

function satisfies({ source, path, language, result }: FoundDocument, filter: MetadataFilter = {}): boolean {
  const own: Readonly<Record<string, string>> = { ...result.metadata, source, language }
  return Object.entries(filter).every(([key, value]) => (key === 'path' ? parsePathPattern(value)(path) : own[key] === value))
}

/** The chunks that have most of the question's words; the first where none has any. */
function toPassages(
  { id, version, text, source, path, language, result }: FoundDocument,
  external: ExternalIndex,
  question: RetrievalQuestion,
  chunker: Chunker,
): readonly Passage[] {
  const asked = new Set(analyseText(question.text, language))
  const chunks = chunker.chunk({ text, blocks: paragraphsOf(text), metadata: {} }).map((chunk) => {
    const words = new Set(analyseText(text.slice(chunk.start, chunk.end), language))
    return { ...chunk, worth: asked.intersection(words).size }
  })
  const telling = chunks.filter(({ worth }) => worth > 0).sort((left, right) => right.worth - left.worth)
  const score = result.score * external.weight
  const explanation = question.explain === true ? explain(external.id, result.score, score) : {}
  return (telling.length > 0 ? telling.slice(0, PASSAGES_OF_ONE) : chunks.slice(0, 1)).map(
    ({ ordinal, start, end, headingPath }) => ({
      chunk: `${id}#${ordinal}` as ChunkId,
      document: id,
      version,
      title: result.title,
      path,
      source,
      language,
      headingPath,
      start,
      end,
      text: text.slice(start, end),
      metadata: result.metadata,
      modifiedAtMs: 0,
      score,
      ...explanation,
    }),
  )
}

function explain(name: string, value: number, contribution: number): Pick<Passage, 'contributions' | 'features'> {
  return { contributions: [{ name, value, contribution }], features: {} }
}

/** The text stays as it came: blocks are its paragraphs, by their places. */
function paragraphsOf(text: string): readonly TextBlock[] {
  return Array.from(text.matchAll(/\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*/gu), ({ 0: paragraph, index }) => ({
    kind: 'paragraph' as const,
    start: index,
    end: index + paragraph.trimEnd().length,
  }))
}

function externalNamed(id: string, { externals }: ExternalSearchParts): ExternalIndex {
  const external = externals.get(id)
  if (external !== undefined) return external
  const problems = `  retrieval.external: there is no retriever "${id}"; known: ${[...externals.keys()].join(', ')}`
  throw new TouchstoneError('CONFIG_INVALID', { details: { path: 'retrieval', count: 1, problems } })
}
