/** Binary office formats of the past and encrypted packages: told by their streams, whatever their names end in. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { buildOleFile } from '../../../testing/ole-file.ts'
import { parserCatalog } from './catalog.ts'
import { refuseOutdated } from './outdated-format.ts'

const rows: readonly (readonly [what: string, streams: readonly string[], code: string, message: RegExp])[] = [
  ['Word', ['1Table', 'WordDocument', 'Data'], 'FORMAT_OUTDATED', /DOC\).*save it as DOCX/],
  ['PowerPoint', ['Current User', 'PowerPoint Document'], 'FORMAT_OUTDATED', /PPT\).*save it as PPTX/],
  ['Excel', ['Workbook'], 'FORMAT_OUTDATED', /XLS\).*save it as XLSX/],
  ['Excel 5', ['Book'], 'FORMAT_OUTDATED', /XLS\)/],
  ['Outlook', ['__nameid_version1.0', '__properties_version1.0'], 'FORMAT_OUTDATED', /MSG\).*save it as EML/],
  ['something else', ['Contents'], 'FORMAT_OUTDATED', /an old Office \(OLE\) file/],
  ['nothing', [], 'FORMAT_OUTDATED', /an old Office \(OLE\) file/],
  ['encrypted', ['DataSpaces', 'EncryptionInfo', 'EncryptedPackage'], 'DOCUMENT_ENCRYPTED', /Save it without a password/],
]

for (const [what, streams, code, message] of rows)
  test(`an OLE file with the streams of ${what} [A2]`, () => {
    assert.throws(() => refuseOutdated(buildOleFile(streams), 'a.bin'), { code, message })
  })

test('every parser refuses it, whatever the name says [A2]', async () => {
  for (const parser of parserCatalog) {
    const path = `old.${parser.endings[0]}`
    const parsed = parser.create({}, {}).parse({ path, bytes: buildOleFile(['WordDocument']), limits: { maxTextLength: 1e6, maxInflatedBytes: 1e6, maxPages: 9 } }) // prettier-ignore
    await assert.rejects(parsed, { code: 'FORMAT_OUTDATED', details: { path, format: 'a Word file (DOC)', target: 'DOCX' } })
  }
})

test('for any damage: refused, never a crash or an endless chain', () => {
  const sound = buildOleFile(['WordDocument', 'Data', 'Table', 'ObjectPool', 'CompObj'])
  const edits = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 40 })
  fc.assert(
    fc.property(edits, fc.nat(sound.length), (changes, length) => {
      const copy = Uint8Array.from(sound)
      for (const [at, value] of changes) if (at >= 8) copy[at] = value
      const isCut = length < 8
      assert.throws(
        () => {
          refuseOutdated(copy.subarray(0, length), 'a.doc')
          if (isCut) throw new TypeError('not an OLE file any more')
        },
        (error) => isCut || isTouchstoneError(error, 'FORMAT_OUTDATED') || isTouchstoneError(error, 'DOCUMENT_ENCRYPTED'),
      )
    }),
    { seed: 11 },
  )
})

const samples = fileURLToPath(new URL('../../../../../shared/data/documents', import.meta.url))
const real: readonly (readonly [name: string, code: string, message: RegExp])[] = [
  ['simple.doc', 'FORMAT_OUTDATED', /DOC\)/],
  ['fake-doc-emphasized-text.doc', 'FORMAT_OUTDATED', /DOC\)/],
  ['fake-power-point.ppt', 'FORMAT_OUTDATED', /PPT\)/],
  ['fake-email.msg', 'FORMAT_OUTDATED', /MSG\)/],
  ['fake-email-with-cc-and-bcc.msg', 'FORMAT_OUTDATED', /MSG\)/],
  ['password_protected.xlsx', 'DOCUMENT_ENCRYPTED', /encrypted/],
]
test('real old and encrypted files', { skip: existsSync(samples) ? false : 'no ../shared/data/documents' }, () => {
  for (const [name, code, message] of real)
    assert.throws(() => refuseOutdated(readFileSync(join(samples, name)), name), { code, message }, name)
})
