/** One item of a source becomes a document with its index records: fetched, parsed, chunked, analysed. Writes nothing. */
import type { SourceItem } from '../../contracts/connector.ts'
import type { Chunk, ParsedDocument } from '../../contracts/document.ts'
import type { IndexRecord } from '../../contracts/document-index.ts'
import type { ChunkId, DocumentId, DocumentVersion, ScopeId } from '../../contracts/identity.ts'
import { canonicalJson, contentHash } from '../../foundation/hashing/content-hash.ts'
import { sketchText, type TextSketch } from '../../foundation/text/text-sketch.ts'
import { encodePlace } from '../document-place.ts'
import type { IngestParts, IngestSource } from './ingest-parts.ts'
import { documentId } from './source-plan.ts'

/** For a parser that does not say; also what detection falls back to. */
const FALLBACK_LANGUAGE = 'en'

export interface PreparedDocument {
  readonly item: SourceItem
  readonly id: DocumentId
  readonly version: DocumentVersion
  readonly title: string
  readonly language: string
  readonly mediaType: string
  readonly parsed: ParsedDocument
  readonly chunks: readonly Chunk[]
  readonly sketch: TextSketch
}

/** @returns nothing when the bytes are those that are already visible */
export async function prepareDocument(
  item: SourceItem,
  visibleVersion: string | undefined,
  source: IngestSource,
  parts: IngestParts,
  signal: AbortSignal,
): Promise<PreparedDocument | undefined> {
  const bytes = await source.connector.fetch(item, signal)
  const readAs = item.readAs ?? item.path
  const parser = parts.parser.parserFor(readAs, bytes)
  const version = contentHash(bytes, parser === undefined ? '' : `${parser.id}@${parser.version}`, ...saidBeside(item))
  if (version === visibleVersion) return undefined
  const parsed = await parts.parser.parse(readAs, bytes, signal)
  const declared = documentMetadata(item, parsed)['language']
  const language =
    typeof declared === 'string' && declared !== '' ? primarySubtag(declared) : (parsed.language ?? FALLBACK_LANGUAGE)
  return {
    item,
    id: documentId(source.id, item.path),
    version: version as DocumentVersion,
    title: item.title ?? parsed.title ?? titleFromPath(item.path),
    language,
    mediaType: parser?.mediaType ?? 'application/octet-stream',
    parsed,
    chunks: parts.chunker.chunk(parsed),
    sketch: sketchText(parsed.text),
  }
}

/** What the source says wins over what stands in the bytes. */
export function documentMetadata(item: SourceItem, parsed: ParsedDocument): Readonly<Record<string, unknown>> {
  return item.metadata === undefined ? parsed.metadata : { ...parsed.metadata, ...item.metadata }
}

/** Of what the source says beside the bytes, that which decides the index's terms. */
function saidBeside({ title, metadata }: SourceItem): readonly string[] {
  const said = { title, language: metadata?.['language'] }
  return title === undefined && said.language === undefined ? [] : [canonicalJson(said)]
}

/** What the rows of a document are made of. */
export interface IndexableDocument {
  readonly id: DocumentId
  readonly version: DocumentVersion
  readonly source: string
  readonly path: string
  readonly title: string
  readonly language: string
  readonly text: string
  readonly scope: ScopeId
  readonly chunks: readonly Chunk[]
}

/** Rows of both levels. The document's row comes last. */
export function toIndexRecords(document: IndexableDocument, parts: Pick<IngestParts, 'analysis'>): readonly IndexRecord[] {
  const { id, version, language, source, scope, text, chunks } = document
  const join = (words: string): string => parts.analysis.terms(words, language).join(' ')
  const shared = { document: id, version, scope, source, language }
  const title = join(document.title)
  const path = join(document.path.replace(/\.[a-z0-9]+$/i, '').replace(/[/_-]+/g, ' '))
  const rows = chunks.map((chunk): IndexRecord => {
    const headings = join(chunk.headingPath.join('\n'))
    // A chunk is read under its names: they are part of what it says.
    const body = `${title} ${headings} ${join(text.slice(chunk.start, chunk.end))}`
    return {
      ...shared,
      id: `${id}#${chunk.ordinal}` as ChunkId,
      terms: { title, path, headings, body },
      ordinal: chunk.ordinal,
      start: chunk.start,
      end: chunk.end,
      place: encodePlace(chunk.place),
      headingPath: chunk.headingPath.join('\u001F'),
    }
  })
  const headings = `${path} ${join([...new Set(chunks.flatMap((chunk) => chunk.headingPath))].join('\n'))}`
  const body = `${title} ${headings} ${join(text)}`
  const whole = { ordinal: -1, start: 0, end: text.length, place: '', headingPath: '' }
  return [...rows, { ...shared, ...whole, id: `${id}#` as ChunkId, terms: { title, path, headings, body } }]
}

function titleFromPath(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z0-9]+$/i, '')
  const words = name.replace(/[-_]+/g, ' ').trim()
  return words === '' ? path : words.charAt(0).toUpperCase() + words.slice(1)
}

function primarySubtag(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? 'en'
}
