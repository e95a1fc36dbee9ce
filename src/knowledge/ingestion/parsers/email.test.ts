/** E-mail messages: headers, bodies, quoted replies, encodings, and attachments in the words of their own formats. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildDocx, buildPdf } from '../../../testing/document-files.ts'
import { generousLimits, parserSuite } from '../../../testing/parser-suite.ts'
import { findParser } from './catalog.ts'

const limits = generousLimits
const email = findParser('a.eml', new Uint8Array())!
const parse = (message: string | Uint8Array) =>
  email.create({}, {}).parse({ path: 'a.eml', bytes: typeof message === 'string' ? Buffer.from(message) : message, limits })

const head =
  'From: Ann Bo <ann@x.example>\nTo: c@x.example\nDate: Fri, 16 Dec 2022 17:04:16 -0500\nSubject: Plans\nMIME-Version: 1.0\n'
const shown = 'From: Ann Bo <ann@x.example>\nTo: c@x.example\nDate: Fri, 16 Dec 2022 17:04:16 -0500\nSubject: Plans'
const part = (headers: string, body: string) => `--b\n${headers}\n\n${body}\n`
const multipart = (kind: string, ...parts: readonly string[]) =>
  `${head}Content-Type: multipart/${kind}; boundary=b\n\n${parts.join('')}--b--\n`
const attach = (name: string, type: string, bytes: Uint8Array | string) =>
  part(
    `Content-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64`,
    Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\n'),
  )
const plain = (body: string) => part('Content-Type: text/plain; charset=utf-8', body)
const html = (body: string) => part('Content-Type: text/html; charset=utf-8', body)

const rows: readonly [name: string, message: string | Uint8Array, text: string][] = [
  ['a plain body', `${head}\nHello.\n\nBye.`, `${shown}\n\nHello.\n\nBye.`],
  ['quoted replies', `${head}\nYes.\n\n> May I?\n> > Well.\n\nAnn`, `${shown}\n\nYes.\n\nMay I?\nWell.\n\nAnn`],
  ['an HTML body', `${head}Content-Type: text/html\n\n<ul><li>a<li>b</ul><p>c`, `${shown}\n\na\nb\n\nc`],
  ['HTML before plain', multipart('alternative', plain('a * b'), html('<ul><li>a</li><li>b</li></ul>')), `${shown}\n\na\nb`],
  ['plain where the HTML says nothing', multipart('alternative', plain('The words.'), html('<img src="http://x.example/y">')), `${shown}\n\nThe words.`],
  ['several HTML parts', multipart('mixed', html('<html><body>one</body></html>'), html('<html><body>two</body></html>')), `${shown}\n\none\n\ntwo`],
  ['plain parts in their order', multipart('mixed', plain('one'), plain('two')), `${shown}\n\none\ntwo`],
  [
    'encoded words and quoted-printable',
    'From: =?utf-8?Q?J=C3=BCrgen?= <j@x.example>\nSubject: =?windows-1251?B?z/Do4uXy?=\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=\n=DFe',
    'From: Jürgen <j@x.example>\nSubject: Привет\n\nGrüße',
  ],
  ['8-bit text that names no encoding', Buffer.from('Subject: x\n\nGrüße aus München, schöne Übung für Käufer.', 'latin1'), 'Subject: x\n\nGrüße aus München, schöne Übung für Käufer.'],
  ['a date that is none', 'Subject: x\nDate: soon\n\nbody', 'Date: soon\nSubject: x\n\nbody'],
  ['what cannot be read is named', multipart('mixed', plain('See.'), attach('a.png', 'image/png', 'x')), `${shown}\nAttachments: a.png\n\nSee.`],
] // prettier-ignore
for (const [name, message, text] of rows)
  test(`e-mail: ${name} [A2]`, async () => assert.equal((await parse(message)).text, text))

test('title and metadata are those of the headers', async () => {
  const { title, metadata } = await parse(`${head}\nHello.`)
  assert.equal(title, 'Plans')
  assert.deepEqual(metadata, {
    from: 'Ann Bo <ann@x.example>',
    to: 'c@x.example',
    subject: 'Plans',
    date: '2022-12-16T22:04:16.000Z',
  })
})

test('a quoted reply is a quote', async () => {
  const { blocks } = await parse(`${head}\nYes.\n\n> May I?`)
  assert.deepEqual(blocks.map(({ kind }) => kind), ['paragraph', 'paragraph', 'quote']) // prettier-ignore
})

const pdf = buildPdf([[{ text: 'Page one.' }], [{ text: 'Page two.' }]])
const docx = buildDocx([{ heading: 'Travel', level: 1 }, { paragraph: 'Fly economy.' }])

test('attachments read as their own format, each block says in which part and where in it [A2]', async () => {
  const { text, blocks } = await parse(
    multipart('mixed', plain('Attached.'), attach('r.pdf', 'application/pdf', pdf), attach('t', docxType, docx), attach('l.csv', 'text/csv', 'A,B\n1,x\n2,y')),
  ) // prettier-ignore
  assert.equal(
    text.slice(text.indexOf('Attached.')),
    'Attached.\n\nr.pdf\n\nPage one.\n\nPage two.\n\nt\n\nTravel\n\nFly economy.\n\nl.csv\n\nA: 1; B: x\nA: 2; B: y',
  )
  assert.deepEqual(
    blocks.slice(2).map(({ level, place }) => [level, place]),
    [
      [1, { part: '2', attachment: 'r.pdf' }],
      [undefined, { part: '2', attachment: 'r.pdf', page: 1 }],
      [undefined, { part: '2', attachment: 'r.pdf', page: 2 }],
      [1, { part: '3', attachment: 't' }],
      [2, { part: '3', attachment: 't' }],
      [undefined, { part: '3', attachment: 't' }],
      [1, { part: '4', attachment: 'l.csv' }],
      [undefined, { part: '4', attachment: 'l.csv' }],
      [undefined, { part: '4', attachment: 'l.csv' }],
    ],
  )
})
const docxType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

const forward = (message: string, name = 'old.eml') =>
  multipart('mixed', plain('Fwd.'), part(`Content-Type: message/rfc822; name="${name}"`, message))

test('messages inside messages, and what is attached to those', async () => {
  const inner = `Subject: Old\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nInner.\n--c\nContent-Type: text/plain; name=n.txt\nContent-Disposition: attachment\n\nNote.\n--c--\n`
  const { text, blocks } = await parse(forward(inner))
  assert.match(text, /Fwd\.\n\nold\.eml\n\nSubject: Old\nAttachments: n\.txt\n\nInner\.\n\nn\.txt\n\nNote\.$/)
  assert.deepEqual(blocks.at(-1)?.place, { part: '2.2', attachment: 'old.eml / n.txt' })
  assert.equal(blocks.at(-2)?.level, 2)
})

test('depth and number of what is attached are limited, the message stays', async () => {
  let nested = `${head}\nDeepest.`
  for (let depth = 0; depth < 20; depth++) {
    const boundary = `b${depth}`
    nested = `Subject: s${depth}\nContent-Type: multipart/mixed; boundary=${boundary}\n\n--${boundary}\n\nLevel ${depth}.\n--${boundary}\nContent-Type: message/rfc822\n\n${nested}\n--${boundary}--\n`
  }
  const deep = await parse(nested)
  assert.match(deep.text, /Level 19\.[^]*Level 15\./)
  assert.doesNotMatch(deep.text, /Level 10\.|Deepest/)
  const many = Array.from({ length: 150 }, (_, index) => attach(`${index}.txt`, 'text/plain', `Text ${index}.`))
  const { text, metadata } = await parse(multipart('mixed', plain('Many.'), ...many))
  assert.match(text, /Text 99\./)
  assert.doesNotMatch(text, /Text 100\./)
  assert.equal((metadata['attachments'] as unknown[]).length, 150)
  await assert.rejects(parse(multipart('mixed', ...Array.from({ length: 600 }, () => plain('x')))), { code: 'PARSE_FAILED' })
})

test('an attachment that fails costs itself only, and the metadata says why', async () => {
  const bomb = buildDocx([{ paragraph: 'x' }], { 'word/a.xml': new Uint8Array(20_000_000) })
  const { text, metadata } = await parse(
    multipart('mixed', plain('See.'), attach('bad.pdf', 'application/pdf', '%PDF-1.7 no'), attach('b.docx', docxType, bomb), attach('ok.txt', 'text/plain', 'Fine.')),
  ) // prettier-ignore
  assert.match(text, /See\.\n\nok\.txt\n\nFine\.$/)
  const attachments = metadata['attachments'] as { name: string; problem?: string }[]
  assert.deepEqual(attachments.map(({ name, problem }) => [name, problem]), [['bad.pdf', 'PARSE_FAILED'], ['b.docx', 'ARCHIVE_TOO_LARGE'], ['ok.txt', undefined]]) // prettier-ignore
})

test('what is no message says so', async () => {
  await assert.rejects(parse('just some words'), { code: 'PARSE_FAILED', message: /no headers of a message/ })
  await assert.rejects(parse(pdf), { code: 'PARSE_FAILED', message: /PDF/ })
})

parserSuite(email, [
  { path: 'a.eml', bytes: Buffer.from(multipart('mixed', multipart('alternative', plain('x'), html('<p>x')).slice(head.length).replace('', '--b\n'), attach('l.csv', 'text/csv', 'A,B\n1,2'))) },
  { path: 'b.eml', bytes: Buffer.from(forward(`${head}\n> quoted\n\nbody`)) },
  { path: 'c.eml', bytes: Buffer.from(multipart('mixed', plain('Attached.'), attach('r.pdf', 'application/pdf', pdf))) },
]) // prettier-ignore
