/** Pushes documents as fast as a server takes them, then waits until each can be searched. */
import { Pool } from 'undici'

export interface PushRunResult {
  readonly acknowledgedSeconds: number
  readonly searchableSeconds: number
  readonly latenciesMs: readonly number[]
}

const WORDS =
  'account agreement amount approval archive budget calibration carrier change claim contract customer delivery device discount engineer error export firmware forecast freight handover import incident inspection invoice label license logistics maintenance margin measurement meeting module notice offer order packaging partner payment permit pilot plan plant price procurement project quality quota range receipt recall record region release renewal repair replacement request return review schedule sensor service shipment site stock supplier support survey tariff task tender test ticket transfer update vendor visit warranty workshop'.split(
    ' ',
  )
const POLL_MS = 100

export async function pushDocuments(url: string, documents: number, connections: number): Promise<PushRunResult> {
  const pool = new Pool(url, { connections })
  const random = seeded(7)
  const bodies = Array.from({ length: documents }, (_, at) => JSON.stringify(documentBody(at, random)))
  const latenciesMs: number[] = []
  const began = performance.now()
  let next = 0
  async function connection(): Promise<void> {
    while (next < documents) {
      const at = next++
      const sent = performance.now()
      const { statusCode, body } = await pool.request({
        method: 'PUT',
        path: `/v1/documents/${encodeURIComponent(`crm:tickets/${at}`)}`,
        headers: { 'content-type': 'application/json' },
        body: bodies[at] ?? '',
      })
      await body.text()
      if (statusCode >= 300) throw new Error(`document ${at}: ${statusCode}`)
      latenciesMs.push(performance.now() - sent)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, connection))
    const acknowledgedSeconds = (performance.now() - began) / 1_000
    await untilSearchable(pool, documents)
    return { acknowledgedSeconds, searchableSeconds: (performance.now() - began) / 1_000, latenciesMs }
  } finally {
    await pool.close()
  }
}

async function untilSearchable(pool: Pool, documents: number): Promise<void> {
  for (;;) {
    const { body } = await pool.request({ method: 'GET', path: '/v1/sources' })
    const { items } = (await body.json()) as {
      items: readonly { id: string; documents: number; failures: number; state: string }[]
    }
    const source = items.find(({ id }) => id === 'crm')
    if (source !== undefined && source.failures > 0) throw new Error(`${source.failures} documents failed`)
    if (source?.documents === documents && source.state === 'ready') return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** A ticket of about 1 kB; one of twenty teams reads it. */
function documentBody(at: number, random: () => number): object {
  const word = (): string => WORDS[Math.floor(random() * WORDS.length)] ?? ''
  const sentence = (): string => `The ${Array.from({ length: 9 }, word).join(' ')}.`
  const paragraph = (): string => Array.from({ length: 4 }, sentence).join(' ')
  return {
    title: `Ticket ${at}: ${word()} ${word()}`,
    text: Array.from({ length: 3 }, paragraph).join('\n\n'),
    metadata: { status: at % 3 === 0 ? 'open' : 'closed', region: `region-${at % 7}` },
    acl: { all: [{ any: [`group:team-${at % 20}`] }] },
  }
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
