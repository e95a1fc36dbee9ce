/** Real and broken files of many programs: each gives text, or an error that says what to do. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readDocuments } from '../../scripts/documents-table/read-documents.ts'
import { isTouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { checkDocument } from '../../src/testing/parser-suite.ts'

const folder = join(import.meta.dirname, '../../../shared/data/documents')

/** What a file may fail with by its nature; anything else is a defect of the parser. */
const refusals: Readonly<Record<string, RegExp>> = {
  FORMAT_OUTDATED: /\.(?:doc|ppt|xls|msg)$/,
  DOCUMENT_ENCRYPTED: /password/,
  DOCUMENT_EMPTY: /^(?:empty\.txt|pdf\/single_table\.pdf|pdf\/table-multi-row-column-cells\.pdf)$/,
}

test(
  'every real file gives text or a catalogued error; none crashes, hangs or is silently empty [A2]',
  { skip: !existsSync(folder) && 'no ../shared/data/documents' },
  async (context) => {
    const outcomes = await readDocuments(folder)
    for (const { path, result, chunks } of outcomes) {
      if (isTouchstoneError(result)) assert(refusals[result.code]?.test(path), result.message)
      else {
        checkDocument(result)
        assert(chunks > 0, `${path} has no chunk`)
      }
    }
    const read = outcomes.filter(({ result }) => !isTouchstoneError(result)).length
    context.diagnostic(`${read} of ${outcomes.length} files give text`)
    assert(read >= 88)
  },
)
