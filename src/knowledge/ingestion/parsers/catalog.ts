/** The parsers that exist. Knows which takes which ending; each loads its library only when it parses. */
import type { ParserExtension } from '../../../contracts/parser.ts'
import { csv } from './csv.ts'
import type { NoOptions } from './define-parser.ts'
import { docx } from './docx.ts'
import { createEmailParser } from './email.ts'
import { epub } from './epub.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { odp } from './odp.ts'
import { ods } from './ods.ts'
import { odt } from './odt.ts'
import { packageType } from './package-type.ts'
import { pdf } from './pdf.ts'
import { pptx } from './pptx.ts'
import { rtf } from './rtf.ts'
import { text } from './text.ts'
import { xlsx } from './xlsx.ts'

type Parsers = readonly ParserExtension<NoOptions>[]

const formats: Parsers = [markdown, html, text, pdf, docx, xlsx, pptx, odt, odp, ods, epub, rtf, csv, json]
const email = createEmailParser(formats, (name, bytes, mediaType) => {
  return chooseParser(formats, name, bytes) ?? formats.find((parser) => parser.mediaType === mediaType)
})

export const parserCatalog: Parsers = [...formats, email]

/** All endings that some parser takes, sorted. */
export const parserEndings: readonly string[] = parserCatalog.flatMap((parser) => parser.endings).sort()

/**
 * A package that says what it is goes to the parser of that; everything else goes by its name.
 * @param path anything with a name at its end; upper case does not matter
 */
export function findParser(path: string, bytes: Uint8Array): ParserExtension<NoOptions> | undefined {
  return chooseParser(parserCatalog, path, bytes)
}

function chooseParser(parsers: Parsers, path: string, bytes: Uint8Array): ParserExtension<NoOptions> | undefined {
  const declared = packageType(bytes)
  const byContent = declared === undefined ? undefined : parsers.find((parser) => parser.mediaType === declared)
  if (byContent !== undefined) return byContent
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const dot = name.lastIndexOf('.')
  return dot === -1 ? undefined : parsers.find((parser) => parser.endings.includes(name.slice(dot + 1)))
}
