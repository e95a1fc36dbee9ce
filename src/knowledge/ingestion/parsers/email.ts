/** E-mail messages: headers, body, quoted replies, and attachments as the other parsers read them. Knows messages; MIME is taken apart elsewhere. */
import type { Place, PlaceFields } from '../../../contracts/place.ts'
import type { ParserExtension, ParserInput } from '../../../contracts/parser.ts'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import type { BlockWriter } from './block-writer.ts'
import { cleanText, decodeText } from './decode-text.ts'
import { type DocumentHead, defineParser, type NoOptions } from './define-parser.ts'
import { embedDocument } from './embed-document.ts'
import { writeHtmlBlocks } from './html-blocks.ts'
import { type HtmlDocument, parseHtml } from './html-node.ts'
import { type MessageAttachment, type MessageParts, readMessageParts } from './message-parts.ts'
import { refuseBinary } from './sniff-format.ts'
import { writeTextBlocks } from './text-blocks.ts'

/** Chooses the parser of an attachment. */
export type AttachmentParsers = (path: string, bytes: Uint8Array, mediaType: string) => ParserExtension<NoOptions> | undefined

const OWN_VERSION = 1
const MEDIA_TYPE = 'message/rfc822'
/** Messages in messages in messages: what lies deeper is named, not read. */
const MAX_DEPTH = 5
/** Of one file, with all messages inside it. */
const MAX_ATTACHMENTS = 100
/** An HTML body counts when it says at least this share of what the plain one says. */
const MIN_HTML_SHARE = 0.5

/**
 * @param known parsers that read attachments; messages inside messages are read by this one
 * @returns a parser whose version rises with each of theirs, since its text is made of theirs
 */
export function createEmailParser(
  known: readonly ParserExtension<NoOptions>[],
  parsersOf: AttachmentParsers,
): ParserExtension<NoOptions> {
  const version = known.reduce((sum, parser) => sum + parser.version, OWN_VERSION)
  return emailParser(version, parsersOf, 0, undefined)
}

/** What all messages of one file may still read. */
interface AttachmentBudget {
  left: number
}

function emailParser(
  version: number,
  parsersOf: AttachmentParsers,
  depth: number,
  shared: AttachmentBudget | undefined,
): ParserExtension<NoOptions> {
  return defineParser({
    id: 'email',
    version,
    summary: 'E-mail messages (EML): headers, body, quoted replies and attachments of every known format',
    endings: ['eml'],
    mediaType: MEDIA_TYPE,
    async read(input, writer) {
      refuseBinary(input.bytes, input.path)
      const budget = shared ?? { left: MAX_ATTACHMENTS }
      return writeMessage(input, writer, budget, (attachment) => {
        if (attachment.mediaType !== MEDIA_TYPE) return parsersOf(attachment.name, attachment.bytes, attachment.mediaType)
        return depth < MAX_DEPTH ? emailParser(version, parsersOf, depth + 1, budget) : undefined
      })
    },
  })
}

type FindParser = (attachment: MessageAttachment) => ParserExtension<NoOptions> | undefined

async function writeMessage(
  input: ParserInput,
  writer: BlockWriter,
  budget: AttachmentBudget,
  find: FindParser,
): Promise<DocumentHead> {
  const parts = await readMessageParts(await withCharset(input), input.path)
  writeHeaders(parts, writer)
  await writeBody(parts, writer)
  const outcomes: AttachmentOutcome[] = []
  for (const attachment of parts.attachments) {
    outcomes.push(await writeAttachment(attachment, input, writer, budget.left-- > 0 ? find(attachment) : undefined))
  }
  const named = { from: 'From', to: 'To', cc: 'Cc', subject: 'Subject' }
  const fields = Object.entries(named).flatMap(([key, header]) => {
    const value = parts.headers.get(header)
    return value === undefined ? [] : [[key, value] as const]
  })
  const date = new Date(parts.headers.get('Date') ?? '')
  return {
    title: parts.headers.get('Subject'),
    metadata: {
      ...Object.fromEntries(fields),
      ...(Number.isNaN(date.getTime()) ? {} : { date: date.toISOString() }),
      ...(outcomes.length === 0 ? {} : { attachments: outcomes }),
    },
  }
}

/** Old programs send 8-bit text and say nothing of its encoding: it is found as in any text file. */
async function withCharset({ bytes, path }: ParserInput): Promise<Uint8Array> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const declared = /charset\s*=\s*["']?(?!us-ascii)\w/i.test(head)
  if (declared || /^content-type:\s*multipart/im.test(head) || Buffer.from(bytes).every((byte) => byte < 0x80)) return bytes
  return Buffer.from(await decodeText(bytes, path))
}

function writeHeaders({ headers, attachments }: MessageParts, writer: BlockWriter): void {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`)
  if (attachments.length > 0) lines.push(`Attachments: ${attachments.map(({ name }) => name).join(', ')}`)
  writer.write('paragraph', cleanText(lines.join('\n')))
}

async function writeBody({ text, html }: MessageParts, writer: BlockWriter): Promise<void> {
  const document = html === '' ? undefined : await parseHtml(cleanText(html))
  if (document !== undefined && htmlLength(document) >= plainLength(text) * MIN_HTML_SHARE) {
    writeHtmlBlocks(document, writer)
    return
  }
  for (const run of quotedRuns(cleanText(text))) writeTextBlocks(run.text, run.isQuoted ? 'quote' : 'paragraph', writer)
}

function htmlLength(document: HtmlDocument): number {
  // Several HTML parts make several roots.
  const texts = [...document.childNodes].map((root) => root.textContent ?? '')
  return texts.join('').replace(/\s+/g, '').length
}

/** Plain bodies of newsletters are mostly addresses, which their HTML hides behind words. */
function plainLength(text: string): number {
  return text.replace(/https?:\/\/\S+|\s+/g, '').length
}

/** Lines that a reply quotes begin with `>`. */
function quotedRuns(text: string): readonly { readonly isQuoted: boolean; readonly text: string }[] {
  const runs: { isQuoted: boolean; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const isQuoted = line.startsWith('>')
    if (runs.at(-1)?.isQuoted !== isQuoted) runs.push({ isQuoted, lines: [] })
    runs.at(-1)?.lines.push(isQuoted ? line.replace(/^(?:> ?)+/, '') : line)
  }
  return runs.map(({ isQuoted, lines }) => ({ isQuoted, text: lines.join('\n') }))
}

/** In the document's metadata: what was attached, and why it cannot be read where it cannot. */
interface AttachmentOutcome {
  readonly part: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
  readonly problem?: string
}

async function writeAttachment(
  attachment: MessageAttachment,
  { limits }: ParserInput,
  writer: BlockWriter,
  parser: ParserExtension<NoOptions> | undefined,
): Promise<AttachmentOutcome> {
  const { part, name, mediaType, bytes } = attachment
  const outcome = { part, name, mediaType, bytes: bytes.length }
  if (parser === undefined) return { ...outcome, problem: 'FORMAT_UNSUPPORTED' }
  const parsed = await parser
    .create({}, {})
    .parse({ path: name, bytes, limits })
    .catch((error: unknown) => {
      if (isTouchstoneError(error)) return error
      throw error
    })
  if (isTouchstoneError(parsed)) return { ...outcome, problem: parsed.code }
  const placeOf = (inner: Place | undefined): Place => placeInside(attachment, inner)
  writer.write('heading', name, { level: 1, place: placeOf(undefined) })
  embedDocument(parsed, writer, placeOf)
  return outcome
}

/** An attachment of an attached message is named through it. */
function placeInside({ part, name }: MessageAttachment, inner: PlaceFields = {}): Place {
  const { part: innerPart, attachment: innerName, ...own } = inner
  const whole = {
    part: innerPart === undefined ? part : `${part}.${innerPart}`,
    attachment: innerName === undefined ? name : `${name} / ${innerName}`,
  }
  return { ...whole, ...own } as Place
}
