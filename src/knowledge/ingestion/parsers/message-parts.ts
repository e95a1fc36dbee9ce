/** Takes an e-mail message apart: headers, body, attachments. Knows MIME through mailparser; runs nothing, fetches nothing. */
import type { AddressObject, EmailAddress, Headers, MailParser } from 'mailparser'
import { parseFailure } from './define-parser.ts'

export interface MessageParts {
  /** What readers see above a message, as written there: From, To, Cc, Bcc, Date, Subject. Absent ones are missing. */
  readonly headers: ReadonlyMap<string, string>
  /** Without those that only decorate an HTML body. */
  readonly attachments: readonly MessageAttachment[]
  readonly text: string
  readonly html: string
}

export interface MessageAttachment {
  /** As IMAP counts: `2`, `2.1`. */
  readonly part: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** More parts are an attack. */
const MAX_PARTS = 500
const MAX_NAME_LENGTH = 200
const SHOWN_HEADERS = ['From', 'To', 'Cc', 'Bcc', 'Date', 'Subject'] as const
/** A file with none of these is no message. */
const MESSAGE_HEADERS = ['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'received']

/** @throws TouchstoneError PARSE_FAILED; Error of mailparser for more than 500 parts or a megabyte of headers */
export async function readMessageParts(bytes: Uint8Array, path: string): Promise<MessageParts> {
  const { MailParser } = await import('mailparser')
  const parser = new MailParser({
    skipHtmlToText: true,
    skipTextLinks: true,
    checksumAlgo: false,
    ignoreEmbedded: true,
    maxChildNodes: MAX_PARTS,
  })
  parser.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const attachments = await readAttachments(parser)
  const headers = parser.headers === false ? new Map() : parser.headers
  if (!MESSAGE_HEADERS.some((name) => headers.has(name))) throw parseFailure(path, 'it has no headers of a message')
  return { headers: shownHeaders(headers, parser), attachments, text: parser.text || '', html: parser.html || '' }
}

async function readAttachments(parser: MailParser): Promise<readonly MessageAttachment[]> {
  const attachments: MessageAttachment[] = []
  for await (const part of parser as AsyncIterable<MessageStreamPart>) {
    if (part.type !== 'attachment') continue
    const chunks: Uint8Array[] = []
    for await (const chunk of part.content) chunks.push(chunk)
    part.release()
    const isDecoration = part.related === true && part.contentType.startsWith('image/')
    if (isDecoration) continue
    const number = part.partId ?? '1'
    const name = (part.filename ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_NAME_LENGTH).toWellFormed()
    attachments.push({
      part: number,
      name: name === '' ? `part ${number}` : name,
      mediaType: part.contentType.toLowerCase(),
      bytes: Buffer.concat(chunks),
    })
  }
  return attachments
}

/** What the parser's stream yields, as far as it is read here. */
type MessageStreamPart =
  | { readonly type: 'text' }
  | {
      readonly type: 'attachment'
      readonly content: AsyncIterable<Uint8Array>
      readonly contentType: string
      readonly partId: string | null
      readonly filename?: string
      readonly related?: boolean
      release(): void
    }

function shownHeaders(headers: Headers, parser: MailParser): ReadonlyMap<string, string> {
  const shown = new Map<string, string>()
  for (const name of SHOWN_HEADERS) {
    const value = name === 'Date' ? writtenDate(parser) : headerText(headers.get(name.toLowerCase()))
    const text = value.replace(/\s+/g, ' ').trim().toWellFormed()
    if (text !== '') shown.set(name, text)
  }
  return shown
}

/** mailparser puts the current time where a date cannot be read, so it is taken from the line itself. */
function writtenDate({ headerLines }: MailParser): string {
  const lines = headerLines === false ? [] : headerLines
  return lines.find(({ key }) => key === 'date')?.line.replace(/^[^:]*:/, '') ?? ''
}

function headerText(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(headerText).join(', ')
  return isAddresses(value) ? value.value.map(addressText).join(', ') : ''
}

function isAddresses(value: unknown): value is AddressObject {
  return value !== null && typeof value === 'object' && 'value' in value && Array.isArray(value.value)
}

function addressText({ name, address = '', group }: EmailAddress): string {
  if (group !== undefined) return `${name}: ${group.map(addressText).join(', ')}`
  return name === '' ? address : `${name} <${address}>`
}
