/** Any number of generated chunks: words as frequent as in real texts, two chunks a document, a scope for each document. */
import type { IndexRecord } from '../../src/contracts/document-index.ts'
import type { DocumentWithText } from '../../src/contracts/document-store.ts'
import type { ChunkId, DocumentId, DocumentVersion, ScopeId } from '../../src/contracts/identity.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'

const CHUNKS_A_DOCUMENT = 2
const VOCABULARY = 50_000
const WORDS_A_CHUNK = 100
const WORDS_A_QUESTION = 4
const VERSION = 'v1' as DocumentVersion
export const DIMENSIONS = 256
const LARGEST_VALUE = 127

export class ScaledCorpus {
  readonly chunks: number
  readonly #scopes: number
  readonly #firstScope: number

  constructor(chunks: number, scopes: number, firstScope = 0) {
    this.chunks = chunks
    this.#scopes = scopes
    this.#firstScope = firstScope
  }

  /** The rows of the chunks `start` to `end` and of their documents. */
  records(start: number, end: number): { chunks: IndexRecord[]; documents: IndexRecord[] } {
    const chunks: IndexRecord[] = []
    const documents: IndexRecord[] = []
    for (let number = Math.floor(start / CHUNKS_A_DOCUMENT); number < Math.ceil(end / CHUNKS_A_DOCUMENT); number++) {
      const texts = Array.from({ length: CHUNKS_A_DOCUMENT }, (_, at) => chunkText(number, at))
      for (const [ordinal, text] of texts.entries()) chunks.push(this.#record(number, ordinal, text))
      documents.push(this.#record(number, -1, texts.join(' ')))
    }
    return { chunks, documents }
  }

  /** Words neither in every text nor in one only: what people ask for. */
  question(number: number): string {
    const random = seededRandom(number + 1)
    return Array.from({ length: WORDS_A_QUESTION }, () => word(20 + Math.floor(random() ** 2 * 5_000))).join(' ')
  }

  /** As a question's meaning: the same for the same words. */
  questionVector(text: string): Float32Array {
    const random = seededRandom([...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7))
    return Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5)
  }

  /** The cosines of a question with the chunks of the scopes below `scopes`, computed one by one, best first, with their ids. */
  exactNeighbours(question: Float32Array, scopes: number, count: number): string[] {
    const best: { id: string; cosine: number }[] = []
    for (let chunk = 0; chunk < this.chunks; chunk++) {
      const [document, ordinal] = [Math.floor(chunk / CHUNKS_A_DOCUMENT), chunk % CHUNKS_A_DOCUMENT]
      if (this.#scopeOf(document) >= scopes) continue
      best.push({ id: `scale:d/${document}#${ordinal}`, cosine: cosineOf(question, chunkVector(chunk)) })
      if (best.length > 10_000) best.sort((left, right) => right.cosine - left.cosine).splice(count)
    }
    return best
      .sort((left, right) => right.cosine - left.cosine)
      .slice(0, count)
      .map(({ id }) => id)
  }

  /** The stored document behind an id. */
  document(id: DocumentId): DocumentWithText {
    const number = Number(id.slice(id.indexOf('/') + 1))
    const texts = Array.from({ length: CHUNKS_A_DOCUMENT }, (_, at) => chunkText(number, at))
    const times = { modifiedAtMs: 0, indexedAtMs: 0 }
    const scope = this.#scopeOf(number)
    const named = { title: titleOf(number), path: `${number}`, source: 'scale', language: 'en', mediaType: 'text/plain' }
    return { document: { id, version: VERSION, scope, metadata: {}, ...named, ...times }, text: texts.join(' ') }
  }

  #record(number: number, ordinal: number, text: string): IndexRecord {
    const document = `scale:d/${number}` as DocumentId
    const title = titleOf(number)
    const length = chunkText(number, 0).length
    const start = ordinal <= 0 ? 0 : length + 1
    return {
      id: `${document}#${ordinal < 0 ? '' : ordinal}` as ChunkId,
      document,
      version: VERSION,
      scope: this.#scopeOf(number),
      source: 'scale',
      language: 'en',
      terms: { title, path: '', headings: '', body: `${title} ${text}` },
      ordinal,
      start,
      end: start + text.length,
      place: '',
      headingPath: '',
      ...(ordinal < 0 ? {} : { vector: chunkVector(number * CHUNKS_A_DOCUMENT + ordinal) }),
    }
  }

  /** Spread, so that what may be read lies everywhere in the index. */
  #scopeOf(number: number): ScopeId {
    return (this.#firstScope + ((number * 7_919) % this.#scopes)) as ScopeId
  }
}

/** Random directions have no neighbourhoods: the hardest case for anything but comparing all. */
function chunkVector(chunk: number): Int8Array {
  const random = seededRandom(chunk * 5 + 2)
  return Int8Array.from({ length: DIMENSIONS }, () => Math.floor(random() * (2 * LARGEST_VALUE + 1)) - LARGEST_VALUE)
}

function titleOf(number: number): string {
  const random = seededRandom(number * 3 + 1)
  return `${word(Math.floor(random() ** 2 * 5_000))} ${word(Math.floor(random() ** 2 * 5_000))}`
}

function chunkText(document: number, at: number): string {
  const random = seededRandom(document * CHUNKS_A_DOCUMENT + at + 1)
  return Array.from({ length: WORDS_A_CHUNK }, () => word(zipf(random()))).join(' ')
}

/** Rank r about as often as 1 / r: the inverse of the harmonic distribution's logarithm. */
function zipf(share: number): number {
  return Math.floor(VOCABULARY ** share) - 1
}

/** Terms of letters that no stemmer touches, by rank. */
const WORDS = Array.from(
  { length: VOCABULARY },
  (_, rank) => `q${rank.toString(26).replaceAll(/\d/g, (digit) => String.fromCharCode(113 + Number(digit)))}x`,
)

function word(rank: number): string {
  return WORDS[rank] ?? ''
}

function cosineOf(left: Float32Array, right: Int8Array): number {
  let [dot, squares] = [0, 0]
  for (let at = 0; at < right.length; at++) {
    dot += (left[at] ?? 0) * (right[at] ?? 0)
    squares += (right[at] ?? 0) ** 2
  }
  // The question's own length is the same for all.
  return dot / Math.sqrt(squares)
}
