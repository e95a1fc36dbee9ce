/** The page of what the parsers make of real files. Knows outcomes; reads nothing. */
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { parserCatalog } from '../../src/knowledge/ingestion/parsers/catalog.ts'
import type { DocumentOutcome } from './read-documents.ts'

export function renderDocumentsPage(outcomes: readonly DocumentOutcome[]): string {
  const read = outcomes.filter(({ result }) => !isTouchstoneError(result))
  const formats = parserCatalog.map(({ id, endings, summary }) => `| ${id} | ${endings.join(', ')} | ${summary} |`)
  return `# Formats

Written by \`npm run documents-table\`; edits are lost.

| Parser | Endings | What it reads |
|---|---|---|
${formats.join('\n')}

Packages (DOCX, PPTX, XLSX, OpenDocument, EPUB) are told by their content, whatever their name. Old binary and encrypted Office files
are refused with what to do about it. Attachments of messages are read by the parsers of their formats.

## Real and broken files
${read.length} of ${outcomes.length} public test files give text, the others an error of the catalogue: files of several producers, in several
encodings and languages, some malformed, scanned, empty or locked on purpose (Unstructured-IO/unstructured, \`example-docs\`).
Times are of one process and one run, the first of a format with the load of its library.

| File | Parser | Outcome | Characters | Chunks | ms |
|---|---|---|---:|---:|---:|
${outcomes.map(renderRow).join('\n')}

## Errors in full
${outcomes.flatMap(({ result }) => (isTouchstoneError(result) ? [`- \`${result.code}\` ${result.message}`] : [])).join('\n')}
`
}

function renderRow({ path, format, result, chunks, ms }: DocumentOutcome): string {
  const [outcome, length] = isTouchstoneError(result) ? [`\`${result.code}\``, ''] : ['text', result.text.length]
  return `| ${path} | ${format} | ${outcome} | ${length} | ${isTouchstoneError(result) ? '' : chunks} | ${Math.round(ms)} |`
}
