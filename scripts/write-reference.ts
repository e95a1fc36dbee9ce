/** `npm run reference`: writes docs/reference from the code that it describes. test/reference.test.ts fails when a page is out of date. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { referencePages } from './reference/reference-pages.ts'

const folder = join(import.meta.dirname, '../docs/reference')
mkdirSync(folder, { recursive: true })
for (const page of referencePages) writeFileSync(join(folder, page.name), page.render())
