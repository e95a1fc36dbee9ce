/** `npm run documents-table`: reads ../shared/data/documents and writes docs/formats.md. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderDocumentsPage } from './documents-table/documents-page.ts'
import { readDocuments } from './documents-table/read-documents.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, '../shared/data/documents')
if (existsSync(folder)) writeFileSync(join(root, 'docs/formats.md'), renderDocumentsPage(await readDocuments(folder)))
else process.stderr.write('There is no ../shared/data/documents: docs/formats.md stays as it is.\n')
