/** E-books to text and blocks: order, titles, notes, and what protects or breaks them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zipSync } from 'fflate'
import { buildEpub } from '../../../testing/epub-file.ts'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { epub } from './epub.ts'

const parse = (bytes: Uint8Array, limits = generousLimits) => epub.create({}, {}).parse({ path: 'a.epub', bytes, limits })

const nav =
  '<nav epub:type="landmarks"><a href="z.xhtml">No</a></nav><nav epub:type="toc"><ol><li><a href="z.xhtml">First <b>things</b></a></li><li><a href="a%20b.xhtml#x">Second</a></li></ol></nav>'
const chapters = { 'z.xhtml': '<p>One<a id="x"/> two.</p>', 'a b.xhtml': '<h2>Own</h2><p>Three.</p>' }

test('chapters in the order of the spine, titles of the contents where they have none of their own [A2]', async () => {
  const { title, text, blocks, metadata } = await parse(buildEpub({ chapters, nav }))
  assert.equal(title, 'The Book')
  assert.equal(text, 'First things\n\nOne two.\n\nOwn\n\nThree.')
  assert.deepEqual(blocks.map(({ level }) => level), [1, undefined, 2, undefined]) // prettier-ignore
  assert.deepEqual(metadata, { author: 'Ann', language: 'de' })
})

test('older books have their titles in an NCX', async () => {
  const ncx =
    '<ncx><navMap><navPoint><navLabel><text>First</text></navLabel><content src="z.xhtml"/><navPoint><navLabel><text>Inner</text></navLabel><content src="z.xhtml#i"/></navPoint></navPoint></navMap></ncx>'
  assert.equal((await parse(buildEpub({ chapters, ncx }))).text, 'First\n\nOne two.\n\nOwn\n\nThree.')
})

test('notes are kept, their marks do not grow together with words', async () => {
  const body =
    '<p>Since 2019<a epub:type="noteref" href="#n"><sup>1</sup></a> it is 10<sup>6</sup>.</p><aside epub:type="footnote" id="n" hidden="hidden"><p>A note.</p></aside><p hidden="hidden">no</p>'
  assert.equal((await parse(buildEpub({ chapters: { 'a.xhtml': body } }))).text, 'Since 2019[1] it is 10^6.\n\nA note.')
})

test('a chapter that is missing is named, a book with a key is encrypted, scrambled fonts are not', async () => {
  const encrypted = (uri: string) => ({ 'META-INF/encryption.xml': `<encryption><EncryptedData><CipherData><CipherReference URI="${uri}"/></CipherData></EncryptedData></encryption>` }) // prettier-ignore
  await assert.rejects(parse(buildEpub({ chapters, extra: encrypted('OEBPS/a%20b.xhtml') })), { code: 'DOCUMENT_ENCRYPTED' })
  assert.match((await parse(buildEpub({ chapters, extra: encrypted('OEBPS/font.otf') }))).text, /Three/)
  const holes = buildEpub({ chapters: { 'a.xhtml': '<p>x</p>', 'gone.xhtml': '' } })
  const renamed = Buffer.from(Buffer.from(holes).toString('latin1').replaceAll('OEBPS/gone.xhtml', 'OEBPS/gane.xhtml'), 'latin1')
  assert.deepEqual((await parse(renamed)).metadata['missing'], ['OEBPS/gone.xhtml'])
})

test('a ZIP that is no book, and one that explodes, are refused', async () => {
  await assert.rejects(parse(zipSync({ 'a.txt': new Uint8Array(3) })), { code: 'PARSE_FAILED', message: /no e-book/ })
  await assert.rejects(parse(Buffer.from('words')), { code: 'PARSE_FAILED' })
  const bomb = buildEpub({ chapters: { 'a.xhtml': ' '.repeat(20_000_000) } })
  await assert.rejects(parse(bomb, { ...generousLimits, maxInflatedBytes: 1_000_000 }), { code: 'ARCHIVE_TOO_LARGE' })
})

parserSuite(epub, [{ path: 'a.epub', bytes: buildEpub({ chapters, nav }) }])
