/** Archives as writers make them, and as attackers do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zipSync } from 'fflate'
import { openArchive } from './archive.ts'
import { packageType } from './package-type.ts'

const LIMIT = 10_000_000
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (archive: Uint8Array, name: string): string | undefined => {
  const entry = openArchive(archive, 'a.zip', LIMIT).get(name)
  return entry && new TextDecoder().decode(entry.read())
}

test('entries by name, packed or stored, with slashes either way', () => {
  const archive = zipSync({ 'a/b.xml': bytesOf('one'.repeat(100)), 'c\\d.xml': [bytesOf('two'), { level: 0 }] })
  assert.equal(textOf(archive, 'a/b.xml'), 'one'.repeat(100))
  assert.equal(textOf(archive, 'c/d.xml'), 'two')
})

test('sizes that a streaming writer put into the ZIP64 field count', () => {
  assert.equal(textOf(asZip64(zipSync({ 'a.xml': bytesOf('small'.repeat(50)) })), 'a.xml'), 'small'.repeat(50))
})

test('a byte that changed inside is noticed', () => {
  const archive = Buffer.from(zipSync({ 'a.xml': [bytesOf('salary 100'), { level: 0 }] }))
  archive[archive.indexOf('100')] = '9'.charCodeAt(0)
  assert.throws(() => textOf(archive, 'a.xml'), { code: 'PARSE_FAILED', message: /a\.xml inside it is damaged/ })
})

const types: readonly (readonly [what: string, bytes: Uint8Array, expected: string | undefined])[] = [
  ['OpenDocument', zipSync({ mimetype: [bytesOf('application/vnd.oasis.opendocument.text'), { level: 0 }] }), 'application/vnd.oasis.opendocument.text'], // prettier-ignore
  ['a template', zipSync({ mimetype: [bytesOf('application/vnd.oasis.opendocument.text-template'), { level: 0 }] }), 'application/vnd.oasis.opendocument.text'], // prettier-ignore
  ['EPUB', zipSync({ mimetype: [bytesOf('application/epub+zip'), { level: 0 }] }), 'application/epub+zip'],
  ['a workbook', zipSync({ '[Content_Types].xml': bytesOf(''), 'xl/workbook.xml': bytesOf('') }), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'], // prettier-ignore
  ['any archive', zipSync({ 'word/x.xml': bytesOf('') }), undefined],
  ['a cut one', zipSync({ 'word/x.xml': bytesOf('') }).slice(0, 40), undefined],
  ['text', bytesOf('mimetype application/epub+zip'), undefined],
]
for (const [what, bytes, expected] of types)
  test(`a package says what it is: ${what} [A2]`, () => assert.equal(packageType(bytes), expected))

/** Moves the sizes of the only entry into a ZIP64 field. */
function asZip64(archive: Uint8Array): Uint8Array {
  const copy = Buffer.from(archive)
  const at = copy.lastIndexOf(Buffer.from('504b0102', 'hex'))
  const end = copy.lastIndexOf(Buffer.from('504b0506', 'hex'))
  const field = Buffer.alloc(20)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(16, 2)
  field.writeBigUInt64LE(BigInt(copy.readUInt32LE(at + 24)), 4)
  field.writeBigUInt64LE(BigInt(copy.readUInt32LE(at + 20)), 12)
  const [directory, tail] = [copy.subarray(at, end), copy.subarray(end)]
  directory.writeUInt32LE(0xffffffff, 20)
  directory.writeUInt32LE(0xffffffff, 24)
  directory.writeUInt16LE(field.length, 30)
  tail.writeUInt32LE(directory.length + field.length, 12)
  return Buffer.concat([copy.subarray(0, at), directory, field, tail])
}
