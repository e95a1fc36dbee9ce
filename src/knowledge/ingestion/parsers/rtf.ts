/** RTF: paragraphs, headings by style or outline level, lists, tables, notes. Knows control words; syntax and blocks are elsewhere. */
import type { BlockWriter } from './block-writer.ts'
import { cleanText } from './decode-text.ts'
import { defineParser, parseFailure } from './define-parser.ts'
import { settleToOneLine } from './inline-text.ts'
import { RtfBlocks } from './rtf-blocks.ts'
import { type RtfToken, readRtfTokens } from './rtf-tokens.ts'
import { RTF_CHARACTERS, RTF_CODE_PAGES, RTF_FONT_CHARSETS, RTF_HIDDEN_GROUPS } from './rtf-words.data.ts'

export const rtf = defineParser({
  id: 'rtf',
  version: 1,
  summary: 'RTF: paragraphs, headings by style, lists, tables and notes',
  endings: ['rtf'],
  mediaType: 'application/rtf',
  async read({ bytes, path }, writer) {
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    if (!/^\s*\{\\rtf/.test(source)) throw parseFailure(path, 'it is not an RTF file')
    const reader = new RtfReader(writer)
    for (const token of readRtfTokens(source)) reader.take(token)
    const title = reader.finish()
    return { title: title ?? writer.firstTopHeading() }
  },
})

/** What the text of a group is for. */
type Purpose = 'body' | 'fonts' | 'styles' | 'title' | 'note' | 'hidden'

const PURPOSES: Readonly<Record<string, Purpose>> = {
  fonttbl: 'fonts',
  stylesheet: 'styles',
  info: 'hidden',
  title: 'title',
  footnote: 'note',
}
/** Marks of list items: numbers are text, and so are bullets until the item is written. */
const MARKER_GROUPS = new Set(['listtext', 'pntext'])
const MAX_GROUPS = 10_000

/** What a group inherits; the group around it goes on as it was. */
interface GroupState {
  purpose: Purpose
  font: number
  style: number
  isInvisible: boolean
  /** Characters after a `\u` that stand for it in old readers. */
  fallbackLength: number
}

class RtfReader {
  readonly #blocks: RtfBlocks
  #state: GroupState = { purpose: 'body', font: 0, style: 0, isInvisible: false, fallbackLength: 1 }
  readonly #outer: GroupState[] = []
  #encoding = 'windows-1252'
  readonly #fontEncodings = new Map<number, string>()
  readonly #styleLevels = new Map<number, number>()
  #bytes = ''
  #toSkip = 0
  /** Names of fonts and styles, the title. */
  #aside = ''
  #title: string | undefined
  /** The group may be left out by who does not know its first word. */
  #isOptional = false

  constructor(writer: BlockWriter) {
    this.#blocks = new RtfBlocks(writer)
  }

  take(token: RtfToken): void {
    if (token.kind === 'bytes') return this.#takeBytes(token.bytes, token.isEscaped)
    this.#flushBytes()
    if (token.kind === 'open') this.#openGroup()
    else if (token.kind === 'close') this.#closeGroup()
    else if (token.kind === 'symbol') this.#takeSymbol(token.name)
    else this.#takeWord(token.name, token.value)
  }

  /** @returns the title that the document gives itself */
  finish(): string | undefined {
    this.#flushBytes()
    this.#blocks.finish()
    return this.#title
  }

  #takeBytes(bytes: string, isEscaped: boolean): void {
    const skipped = Math.min(this.#toSkip, isEscaped ? 1 : bytes.length)
    this.#toSkip -= skipped
    this.#bytes += bytes.slice(skipped)
  }

  /** Characters of several bytes come byte by byte: they are decoded when their run ends. */
  #flushBytes(): void {
    const bytes = this.#bytes
    this.#bytes = ''
    if (bytes === '') return
    const encoding = this.#fontEncodings.get(this.#state.font) ?? this.#encoding
    this.#write(new TextDecoder(encoding).decode(Buffer.from(bytes, 'latin1')))
  }

  #write(text: string): void {
    const { purpose, isInvisible } = this.#state
    if (purpose === 'body' || purpose === 'note') {
      if (!isInvisible) this.#blocks.text(text)
    } else if (purpose !== 'hidden') this.#aside += text
  }

  #openGroup(): void {
    if (this.#outer.length >= MAX_GROUPS) throw new RangeError('Maximum call stack size: RTF is nested too deeply')
    this.#outer.push(this.#state)
    this.#state = { ...this.#state }
    this.#toSkip = 0
  }

  #closeGroup(): void {
    const inner = this.#state
    this.#state = this.#outer.pop() ?? inner
    this.#toSkip = 0
    this.#isOptional = false
    const aside = settleToOneLine(cleanText(this.#aside.toWellFormed()))
    if (inner.purpose === 'styles') this.#nameStyle(inner.style, aside)
    else if (inner.purpose === 'title' && aside !== '') this.#title ??= aside
    else if (inner.purpose === 'note' && this.#state.purpose !== 'note') this.#write(']')
    this.#aside = ''
  }

  #nameStyle(style: number, name: string): void {
    const level = /^heading ([1-6])\b/i.exec(name)?.[1]
    if (level !== undefined) this.#styleLevels.set(style, Number(level))
    else if (/^title\b/i.test(name)) this.#styleLevels.set(style, 1)
  }

  #takeSymbol(name: string): void {
    if (name === '*') this.#isOptional = true
    else if (name === '~') this.#write('\u00a0')
    else if (name === '_') this.#write('-')
  }

  #takeWord(name: string, value: number | undefined): void {
    const isOptional = this.#isOptional
    this.#isOptional = false
    const purpose = PURPOSES[name]
    if (purpose !== undefined) this.#enter(purpose)
    else if (RTF_HIDDEN_GROUPS.has(name)) this.#state.purpose = 'hidden'
    else if (this.#takeText(name, value) || this.#takeFormat(name, value) || this.#takeParagraph(name, value)) return
    else if (isOptional && name !== 'shppict') this.#state.purpose = 'hidden'
  }

  #enter(purpose: Purpose): void {
    // The title stands inside the hidden properties; everything else hidden stays so.
    if (this.#state.purpose === 'hidden' && purpose !== 'title') return
    if (purpose === 'note') this.#write(' [')
    this.#state.purpose = purpose
  }

  #takeText(name: string, value: number | undefined): boolean {
    const character = name === 'u' && value !== undefined ? String.fromCharCode(value & 0xffff) : RTF_CHARACTERS[name]
    if (character === undefined) return false
    this.#write(character)
    if (name === 'u') this.#toSkip = this.#state.fallbackLength
    return true
  }

  #takeFormat(name: string, value: number | undefined): boolean {
    if (name === 'uc') this.#state.fallbackLength = Math.max(0, value ?? 1)
    else if (name === 'f') this.#state.font = value ?? 0
    else if (name === 'v') this.#state.isInvisible = value !== 0
    else if (name === 'plain') this.#state.isInvisible = false
    else if (name === 'mac') this.#encoding = 'macintosh'
    else if (name === 'ansicpg') this.#encoding = knownEncoding(RTF_CODE_PAGES[value ?? 0] ?? `windows-${value}`)
    else if (name === 'fcharset') this.#nameEncoding(RTF_FONT_CHARSETS[value ?? 0])
    else return false
    return true
  }

  #nameEncoding(encoding: string | undefined): void {
    if (encoding !== undefined && this.#state.purpose === 'fonts') this.#fontEncodings.set(this.#state.font, encoding)
  }

  #takeParagraph(name: string, value: number | undefined): boolean {
    if (this.#state.purpose === 'styles' && name === 's') this.#state.style = value ?? 0
    else if (this.#state.purpose === 'styles' && name === 'outlinelevel') this.#setStyleLevel(value)
    else if (this.#state.purpose === 'note') return this.#takeNoteBreak(name)
    else if (this.#state.purpose !== 'body') return false
    else if (MARKER_GROUPS.has(name)) this.#change({ isListItem: true })
    else if (name === 'pard') this.#blocks.paragraph = {}
    else if (name === 's') this.#change({ level: this.#styleLevels.get(value ?? 0) })
    else if (name === 'outlinelevel') this.#change({ level: levelOf(value) })
    else if (name === 'intbl') this.#change({ isInTable: true })
    else if (name === 'trowd') this.#blocks.rowIsHeader = false
    else if (name === 'trhdr') this.#blocks.rowIsHeader = true
    else if (name === 'line') this.#blocks.breakLine()
    else if (name === 'cell' || name === 'nestcell') this.#blocks.endCell()
    else if (name === 'row') this.#blocks.endRow()
    else if (name === 'par' || name === 'sect' || name === 'page') this.#blocks.endParagraph()
    else return false
    return true
  }

  #takeNoteBreak(name: string): boolean {
    const isBreak = name === 'par' || name === 'line'
    if (isBreak) this.#write(' ')
    return isBreak
  }

  #setStyleLevel(value: number | undefined): void {
    const level = levelOf(value)
    if (level !== undefined) this.#styleLevels.set(this.#state.style, level)
  }

  #change(changes: RtfBlocks['paragraph']): void {
    this.#blocks.paragraph = { ...this.#blocks.paragraph, ...changes }
  }
}

/** Outline levels count from 0; 9 is body text. */
function levelOf(outline = 9): number | undefined {
  return outline >= 0 && outline < 6 ? outline + 1 : undefined
}

function knownEncoding(label: string): string {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return 'windows-1252'
  }
}
