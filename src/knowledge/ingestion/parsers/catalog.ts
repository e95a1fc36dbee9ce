/** The parsers that exist. Knows which takes which ending; each loads its library only when it parses. */
import type { ParserExtension } from '../../../contracts/parser.ts'
import type { NoOptions } from './define-parser.ts'
import { docx } from './docx.ts'
import { html } from './html.ts'
import { markdown } from './markdown.ts'
import { odp } from './odp.ts'
import { ods } from './ods.ts'
import { odt } from './odt.ts'
import { packageType } from './package-type.ts'
import { pdf } from './pdf.ts'
import { pptx } from './pptx.ts'
import { text } from './text.ts'
import { xlsx } from './xlsx.ts'

export const parserCatalog: readonly ParserExtension<NoOptions>[] = [markdown, html, text, pdf, docx, xlsx, pptx, odt, odp, ods]

/** All endings that some parser takes, sorted. */
export const parserEndings: readonly string[] = parserCatalog.flatMap((parser) => parser.endings).sort()

/**
 * A package that says what it is goes to the parser of that; everything else goes by its name.
 * @param path anything with a name at its end; upper case does not matter
 */
export function findParser(path: string, bytes: Uint8Array): ParserExtension<NoOptions> | undefined {
  const declared = packageType(bytes)
  const byContent = declared === undefined ? undefined : parserCatalog.find((parser) => parser.mediaType === declared)
  return byContent ?? parserByEnding(path)
}

function parserByEnding(path: string): ParserExtension<NoOptions> | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const dot = name.lastIndexOf('.')
  return dot === -1 ? undefined : parserCatalog.find((parser) => parser.endings.includes(name.slice(dot + 1)))
}
