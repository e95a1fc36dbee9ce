/** A server killed while documents are pushed: what it acknowledged is there, what it deleted is gone, and all of it is found in the end. */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { PushedDocument, PushResult } from '../../src/contracts/pushed-document.ts'
import type { SearchResult } from '../../src/contracts/search.ts'
import { ended, startScript } from '../fixtures/command-line.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { type Ending, temporaryFolder, writeFiles } from '../fixtures/temp-folder.ts'

const KILLS = Number(process.env['TOUCHSTONE_KILLS'] ?? 3)
const SEED = Number(process.env['TOUCHSTONE_SEED'] ?? Math.floor(Math.random() * 1e6))
const LEASE_OVER_MS = 20_000
const DOCUMENTS = 36
const CONNECTIONS = 6
const config = { sources: { crm: { kind: 'push' } }, access: { users: { ann: {} } }, server: { requestsPerMinute: 100_000 } }

/** Number of the document to what was last acknowledged: its revision and text, or nothing once it was deleted. */
type Acknowledged = Map<number, { readonly revision: string; readonly text: string } | undefined>

test(
  `${KILLS} kills while documents are pushed lose nothing that was acknowledged [A1, I4]`,
  { timeout: 60_000 + KILLS * 15_000 },
  async (t) => {
    t.diagnostic(`TOUCHSTONE_SEED=${SEED}`)
    const random = seededRandom(SEED)
    const folder = await temporaryFolder(t)
    await writeFiles(folder, { 'push.config.mjs': `export default ${JSON.stringify(config)}\n` })
    const acknowledged: Acknowledged = new Map()
    for (let kill = 1; kill <= KILLS; kill++) {
      const { url, child } = await serve(t, folder, kill * LEASE_OVER_MS)
      await assertKept(url, acknowledged, `kill ${kill}`)
      const before = acknowledged.size
      const pushing = pushUntilGone(url, acknowledged, random, kill)
      await new Promise((resolve) => setTimeout(resolve, 300 + random() * 1_500))
      await ended(child, 'SIGKILL')
      await pushing
      assert.ok(kill > 1 || acknowledged.size > before, 'nothing was acknowledged; the kill proves nothing')
    }
    const { url, child } = await serve(t, folder, (KILLS + 1) * LEASE_OVER_MS)
    await assertKept(url, acknowledged, 'at the end')
    for (const [number, kept] of acknowledged) {
      if (kept === undefined) continue
      const put = await request(url, 'PUT', `${pathOf(number)}?wait=true`, bodyOf(kept.text))
      const { outcome, state } = (await put.json()) as PushResult
      assert.deepEqual([outcome, state], ['unchanged', 'searchable'], `document ${number}`)
    }
    const found = (await (
      await request(url, 'POST', '/v1/features/answers/search', { query: 'zebra', limit: 100 })
    ).json()) as SearchResult
    const alive = [...acknowledged].filter(([, kept]) => kept !== undefined).map(([number]) => `crm:${number}`)
    assert.deepEqual([...new Set(found.items.map(({ document }) => String(document)))].sort(), alive.sort())
    await ended(child, 'SIGKILL')
  },
)

async function serve(ending: Ending, folder: string, aheadMs: number): Promise<{ url: string; child: ChildProcess }> {
  const child = startScript('push-process', join(folder, 'push.config.mjs'), join(folder, 'state'), String(aheadMs))
  ending.after(async () => {
    await ended(child, 'SIGKILL')
  })
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { url, child }
}

/** Each connection writes its own documents, so that the last acknowledgement of each is known. A write that was cut off may have happened. */
async function pushUntilGone(url: string, acknowledged: Acknowledged, random: () => number, round: number): Promise<void> {
  const connection = async (lane: number): Promise<void> => {
    for (let count = 0; ; count++) {
      const number = lane + CONNECTIONS * Math.floor((random() * DOCUMENTS) / CONNECTIONS)
      const isDeletion = acknowledged.get(number) !== undefined && random() < 0.2
      const text = `The zebra number ${number} was seen in round ${round}, for the ${count}th time.`
      acknowledged.delete(number)
      try {
        const reply = await request(url, isDeletion ? 'DELETE' : 'PUT', pathOf(number), isDeletion ? undefined : bodyOf(text))
        if (isDeletion) {
          assert.equal(reply.status, 204)
          acknowledged.set(number, undefined)
        } else {
          const { revision = '' } = (await reply.json()) as PushResult
          assert.ok(reply.ok)
          acknowledged.set(number, { revision, text })
        }
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        // Whether it was written before the kill cannot be known; settle it in the next round.
        unsettled.add(number)
        return
      }
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, lane) => connection(lane)))
}

/** Documents whose last write was cut off. */
const unsettled = new Set<number>()

async function assertKept(url: string, acknowledged: Acknowledged, when: string): Promise<void> {
  for (const number of unsettled) {
    await request(url, 'DELETE', pathOf(number))
    acknowledged.set(number, undefined)
  }
  unsettled.clear()
  for (const [number, kept] of acknowledged) {
    const reply = await request(url, 'GET', pathOf(number))
    if (kept === undefined) assert.equal(reply.status, 404, `${when}: document ${number} came back`)
    else assert.equal(((await reply.json()) as PushedDocument).revision, kept.revision, `${when}: document ${number}`)
  }
}

function pathOf(number: number): string {
  return `/v1/documents/${encodeURIComponent(`crm:${number}`)}`
}

function bodyOf(text: string): object {
  return { text, acl: { all: [{ any: ['everyone'] }] } }
}

function request(url: string, method: string, path: string, body?: object): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: { 'touchstone-user': 'ann', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
