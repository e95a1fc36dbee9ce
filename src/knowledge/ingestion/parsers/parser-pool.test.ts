/** The pool against really poisonous files: each costs one error, and the work beside it goes on. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../../foundation/concurrency/clock.ts'
import { isTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { buildDocx, buildPdf } from '../../../testing/document-files.ts'
import { checkDocument, generousLimits } from '../../../testing/parser-suite.ts'
import { createParserPool, type ParserPoolOptions } from './parser-pool.ts'

const pools: ReturnType<typeof createParserPool>[] = []
const open = (options: Partial<ParserPoolOptions> = {}) => {
  const pool = createParserPool({
    size: 2,
    timeoutMs: 20_000,
    memoryMb: 400,
    limits: generousLimits,
    clock: systemClock,
    ...options,
  })
  pools.push(pool)
  return pool
}
after(() => Promise.all(pools.map((pool) => pool.close())))

const never = new AbortController().signal
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const sound = bytesOf('# Sound\n\nText.')
/** Nearly four million quotes to open: half a minute of work. */
const slow = bytesOf(`${'> '.repeat(95)}x\n\n`.repeat(40_000))
/** Small enough to be read, too large to be held: every element costs some hundred bytes. */
const greedy = bytesOf('<p><b>x</b><i>y</i></p>'.repeat(600_000))

test('says which parser takes a path, and refuses what none takes', async () => {
  const pool = open()
  assert.deepEqual(pool.parserFor('a/B.MD', sound), { id: 'markdown', version: 4, mediaType: 'text/markdown' })
  for (const path of ['old.doc', 'archive.tar.gz', 'Makefile', 'pdf', 'folder.md/file']) {
    assert.equal(pool.parserFor(path, sound), undefined)
    await assert.rejects(pool.parse(path, sound, never), { code: 'FORMAT_UNSUPPORTED' })
  }
})

test('poison of every kind costs one catalogued error each, and the documents beside it arrive [A2]', async () => {
  const pool = open()
  const impatient = open({ size: 1, timeoutMs: 1000, memoryMb: 4000 })
  const poison: readonly [path: string, bytes: Uint8Array, code: string, pool?: typeof pool][] = [
    ['slow.md', slow, 'PARSER_TIMEOUT', impatient],
    ['greedy.html', greedy, 'PARSER_OUT_OF_MEMORY'],
    ['bomb.docx', buildDocx([{ paragraph: 'x' }], { 'word/a.xml': new Uint8Array(150_000_000) }), 'ARCHIVE_TOO_LARGE'],
    ['garbage.pdf', bytesOf('%PDF-1.7\n'.padEnd(10_000, 'garbage ')), 'PARSE_FAILED'],
    ['locked.pdf', buildPdf([[{ text: 'x' }]], { encrypted: true }), 'DOCUMENT_ENCRYPTED'],
    ['deep.html', bytesOf('<div>'.repeat(5000)), 'PARSE_FAILED'],
    ['empty.md', bytesOf('<!-- nothing -->'), 'DOCUMENT_EMPTY'],
  ]
  const failures = poison.map(([path, bytes, code, own = pool]) =>
    assert.rejects(own.parse(path, bytes, never), (error) => {
      assert(isTouchstoneError(error), String(error))
      assert.deepEqual([error.code, error.details['path']], [code, path])
      return true
    }),
  )
  const documents = Array.from({ length: 20 }, (_, index) => pool.parse(`${index}.md`, sound, never))
  await Promise.all(failures)
  for (const document of await Promise.all(documents)) assert.equal(document.title, 'Sound')
})

test('a child killed from outside is a crash of one document, and is replaced', async () => {
  const pool = open({ size: 1 })
  const others = childrenOf(process.pid)
  await pool.parse('a.md', sound, never)
  const [pid] = childrenOf(process.pid).filter((child) => !others.includes(child))
  const parsing = pool.parse('slow.md', slow, never)
  setTimeout(() => process.kill(pid!, 'SIGKILL'), 300)
  await assert.rejects(parsing, { code: 'PARSER_CRASHED', message: /SIGKILL/ })
  assert.equal((await pool.parse('b.md', sound, never)).title, 'Sound')
})

test('a cancelled document is let go at once, whether it runs or waits', async () => {
  const pool = open({ size: 1 })
  const controllers = [new AbortController(), new AbortController()]
  const running = controllers.map(({ signal }) => pool.parse('slow.md', slow, signal))
  const next = pool.parse('next.md', sound, never)
  setTimeout(() => controllers.forEach((controller) => controller.abort()), 200)
  await Promise.all(running.map((parsing) => assert.rejects(parsing, { code: 'REQUEST_CANCELLED' })))
  assert.equal((await next).title, 'Sound')
  await assert.rejects(pool.parse('late.md', sound, AbortSignal.abort()), { code: 'REQUEST_CANCELLED' })
})

test('close ends everything, and nothing starts after it', async () => {
  const pool = open({ size: 1 })
  const work = ['slow.md', 'waiting.md'].map((path) => pool.parse(path, slow, never))
  const ends = work.map((parsing) => assert.rejects(parsing))
  await pool.close()
  await Promise.all(ends)
  await assert.rejects(pool.parse('a.md', sound, never), { code: 'REQUEST_CANCELLED' })
})

const script = (body: string): string => `
  import { createParserPool } from ${JSON.stringify(new URL('./parser-pool.ts', import.meta.url).href)}
  import { systemClock } from ${JSON.stringify(new URL('../../../foundation/concurrency/clock.ts', import.meta.url).href)}
  const limits = ${JSON.stringify(generousLimits)}
  const pool = createParserPool({ size: 1, timeoutMs: 60000, memoryMb: 400, limits, clock: systemClock })
  const parse = (path, text) => pool.parse(path, new TextEncoder().encode(text), new AbortController().signal)
  ${body}`

test('an open pool does not keep a program alive', () => {
  const program = script(`const { title } = await parse('a.md', '# Sound'); console.log(title)`)
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 15_000,
    encoding: 'utf8',
  })
  assert.equal(printed.trim(), 'Sound')
})

test('when the program is killed its busy parser dies with it', { skip: process.platform === 'win32' }, async () => {
  const program = script(
    `await parse('a.md', 'x'); console.log('ready'); await parse('slow.md', ('> '.repeat(95) + 'x\\n\\n').repeat(40000))`,
  )
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(parent.stdout, 'data')
  await systemClock.sleep(200)
  const children = childrenOf(parent.pid!)
  assert.equal(children.length, 1)
  parent.kill('SIGKILL')
  for (let waits = 0; waits < 100 && children.some(isRunning); waits++) await systemClock.sleep(50)
  assert.deepEqual(children.filter(isRunning), [])
})

const data = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))

test(
  'real documents of many programs give text or a catalogued error [A2]',
  { skip: !existsSync(data) && 'no ../shared/data' },
  async (context) => {
    const pool = open()
    const paths = globSync('documents/**/*.{md,html,htm,txt,pdf,docx,xlsx,pptx,odt,doc,ppt,msg}', { cwd: data }).sort()
    const counts: Record<string, number> = {}
    await Promise.all(
      paths.map(async (path) => {
        const outcome = await pool.parse(path, readFileSync(join(data, path)), never).then(
          (document) => (checkDocument(document), 'parsed'),
          (error: unknown) => (assert(isTouchstoneError(error) && error.code !== 'INTERNAL', String(error)), error.code),
        )
        counts[outcome] = (counts[outcome] ?? 0) + 1
      }),
    )
    context.diagnostic(JSON.stringify(counts))
    assert((counts['parsed'] ?? 0) > paths.length * 0.8)
  },
)

function childrenOf(parent: number): readonly number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number)
    return ppid === parent && pid !== undefined && line.includes('parser-process') ? [pid] : []
  })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
