/** The index commands as a person types them, beside a real server process that goes on serving. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ended, parsed, start, touchstone } from '../fixtures/command-line.ts'
import { startEmbeddingServer } from '../fixtures/embedding-server.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const FILES = {
  'docs/nursery.md': '# Childcare\n\nThe company pays a share of the fees for children below six.\n',
  'docs/printer.md': '# Printers\n\nToner is kept in the cupboard beside the lift.\n',
}
const { settings: remote } = await startEmbeddingServer({ after })
const config = (index: object): string =>
  `export default ${JSON.stringify({
    sources: { docs: { kind: 'folder', path: 'docs', access: [{ path: '**', readers: ['everyone'] }] } },
    access: { users: { ann: {} } },
    index: { embedding: null, ...index },
    embeddings: { remote },
  })}\n`

test(
  'index build, list, compare, switch and rollback beside a server that follows without a restart [A6, A7]',
  { timeout: 120_000 },
  async (t) => {
    const cwd = await temporaryFolder(t, FILES)
    const configFile = join(cwd, 'touchstone.config.mjs')
    const named = ['--config', 'touchstone.config.mjs']
    await writeFile(configFile, config({}))
    const server = start(['start', '--port', '0', '--json', ...named], { cwd })
    t.after(() => ended(server, 'SIGTERM'))
    let printed = ''
    for await (const chunk of server.stdout!) if ((printed += String(chunk)).includes('}')) break
    const url = /"url": "([^"]+)"/.exec(printed)?.[1] ?? ''
    const first = async (): Promise<string | undefined> => {
      const body = JSON.stringify({ query: 'a babysitter for my toddler' })
      const headers = { 'touchstone-user': 'ann', 'content-type': 'application/json' }
      const response = await fetch(`${url}/v1/features/answers/search`, { method: 'POST', headers, body })
      return ((await response.json()) as { items: { path: string }[] }).items[0]?.path
    }
    const call = async (...args: string[]): Promise<{ code: number | null; text: string; json: () => never }> => {
      const outcome = await touchstone([...args, ...named], { cwd })
      return { code: outcome.code, text: outcome.stdout + outcome.stderr, json: () => parsed(outcome) }
    }
    assert.equal(await first(), undefined)
    await writeFile(configFile, config({ embedding: 'remote', switch: 'manual' }))
    assert.match((await call('search', 'toner', '--as', 'ann')).text, /The index \w+ serves; the configuration names another/)
    const built: { index: string; documents: number } = (await call('index', 'build', '--json')).json()
    assert.equal(built.documents, 2)
    assert.equal(await first(), undefined)
    const listed = await call('index', 'list')
    assert.match(listed.text, /serving +words ·/)
    assert.match(listed.text, /candidate +words and remote[^·]*.* · 2 documents, 2 chunks · .* MB · built in/)
    assert.match((await call('index', 'compare', 'serving', 'candidate')).text, /Quality was not measured/)
    assert.equal((await call('index', 'switch', 'nonsense')).code, 2)
    assert.equal((await call('index', 'switch', built.index.slice(0, 6))).code, 0)
    assert.equal(await first(), 'nursery.md')
    assert.equal((await call('index', 'rollback')).code, 0)
    assert.equal(await first(), undefined)
    assert.match((await call('index', 'prune')).text, /Every index is needed/)
  },
)
