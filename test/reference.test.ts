/** The generated reference says what the code says. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { referencePages } from '../scripts/reference/reference-pages.ts'
import { errorCatalog, type ErrorCode } from '../src/foundation/errors/catalog.data.ts'
import { TouchstoneError } from '../src/foundation/errors/touchstone-error.ts'

const folder = join(import.meta.dirname, '../docs/reference')

for (const page of referencePages)
  test(`docs/reference/${page.name} is up to date (npm run reference) [I5]`, () => {
    assert.equal(readFileSync(join(folder, page.name), 'utf8'), page.render())
  })

test('no page in docs/reference has lost what it is made from [I5]', () => {
  assert.deepEqual(readdirSync(folder).sort(), referencePages.map(({ name }) => name).sort())
})

test('every field of the configuration says what it means [I5]', () => {
  const page = referencePages.find(({ name }) => name === 'configuration.md')?.render() ?? ''
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  assert.ok(rows.length > 40, `${rows.length} fields`)
  assert.deepEqual(
    rows.filter((row) => row.endsWith('|  |')),
    [],
  )
})

test('an error carries the code under which the catalogue lists it [I5]', () => {
  for (const code of Object.keys(errorCatalog) as ErrorCode[]) {
    const error = new TouchstoneError(code)
    assert.match(code, /^[A-Z]+(?:_[A-Z]+)*$/)
    assert.equal(error.code, code)
    assert.equal(error.entry, errorCatalog[code])
    assert.equal(error.toJSON().code, code)
  }
})
