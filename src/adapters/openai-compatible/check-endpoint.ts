/** Whether an endpoint can be reached with its key and knows its model: what `doctor` asks. Generates nothing. */
import { Pool } from 'undici'
import { isTouchstoneError, type TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { readText } from './completion-stream.ts'
import { fromStatus, fromTransport, timedOut } from './endpoint-error.ts'
import { toEndpoint, type OpenAiCompatibleOptions } from './endpoint-options.ts'
import { startWatch } from './stall-watch.ts'

export interface EndpointCheck {
  readonly reachable: boolean
  /** Whether the endpoint lists the model; nothing when it keeps no list. */
  readonly modelListed?: boolean
  readonly problem?: TouchstoneError
}

const MAX_LIST = 4_000_000

/** Asks for the list of models. Never throws: what went wrong stands in `problem`. */
export async function checkEndpoint(options: OpenAiCompatibleOptions, signal: AbortSignal): Promise<EndpointCheck> {
  const endpoint = toEndpoint(options)
  const pool = new Pool(endpoint.origin, { connections: 1, connect: { timeout: endpoint.timeoutMs } })
  const watch = startWatch(endpoint, signal)
  try {
    const request = {
      path: endpoint.pathOf('/models'),
      method: 'GET',
      headers: { ...endpoint.headers },
      signal: watch.signal,
    } as const
    const response = await pool.request(request)
    const body = await readText(response.body, MAX_LIST)
    // Not every compatible endpoint keeps a list; one that says so is there.
    if (response.statusCode === 404 || response.statusCode === 405) return { reachable: true }
    if (response.statusCode !== 200) return { reachable: false, problem: fromStatus(endpoint, response.statusCode, body) }
    const listed = listedModels(body)
    return listed === undefined ? { reachable: true } : { reachable: true, modelListed: listed.includes(options.model) }
  } catch (error) {
    const limitMs = watch.expiredAfterMs()
    const problem =
      limitMs !== undefined && !isTouchstoneError(error) ? timedOut(endpoint, limitMs) : fromTransport(endpoint, error, false)
    return { reachable: false, problem }
  } finally {
    watch.stop()
    await pool.destroy()
  }
}

function listedModels(body: string): readonly string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    const data = typeof parsed === 'object' && parsed !== null && 'data' in parsed ? parsed.data : undefined
    return Array.isArray(data)
      ? data.flatMap((entry: { id?: unknown }) => (typeof entry?.id === 'string' ? [entry.id] : []))
      : undefined
  } catch {
    return undefined
  }
}
