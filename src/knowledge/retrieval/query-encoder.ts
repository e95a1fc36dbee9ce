/** A question as a direction, within a time that an asker waits. Knows deadlines and what a vector must be; knows no model and no index. */
import type { EmbeddingModel, SimilarityBackground } from '../../contracts/embedding-model.ts'
import type { Clock } from '../../foundation/concurrency/clock.ts'
import { untilAborted } from '../../foundation/concurrency/until-aborted.ts'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

export interface EncodedQuery {
  readonly vector: Float32Array
  readonly background: SimilarityBackground
}

export interface QueryEncoder {
  /** Of what it encodes; empty when it does not say. */
  readonly languages: readonly string[]
  readonly reordersOnly: boolean
  /**
   * Never later than the deadline, and never an error of the model's: what went wrong is the notice SEARCH_WITHOUT_VECTORS.
   * @throws only what the caller's signal says when it aborts
   */
  encode(text: string, signal: AbortSignal): Promise<EncodedQuery | TouchstoneError>
}

export interface QueryEncoderParts {
  readonly model: EmbeddingModel
  readonly clock: Clock
  readonly deadlineMs: number
}

/** Questions come again: while somebody types, pages on, or asks what others ask. Some 2 MB. */
const REMEMBERED = 1_000
/** After a failure nobody waits for it again so soon. */
const REST_MS = 5_000

export function createQueryEncoder({ model, clock, deadlineMs }: QueryEncoderParts): QueryEncoder {
  const known = new Map<string, EncodedQuery>()
  let resting: { readonly until: number; readonly notice: TouchstoneError } | undefined
  return {
    languages: model.languages,
    reordersOnly: model.reordersOnly === true,
    async encode(text, signal) {
      const found = known.get(text)
      if (found !== undefined) return remember(text, found)
      if (resting !== undefined && clock.elapsed() < resting.until) return resting.notice
      try {
        const encoded = await withinDeadline((limited) => encodeNow(text, model, limited), deadlineMs, clock, signal)
        resting = undefined
        return remember(text, encoded)
      } catch (error) {
        signal.throwIfAborted()
        const notice = toNotice(model.id, error)
        resting = { until: clock.elapsed() + REST_MS, notice }
        return notice
      }
    },
  }

  /** The least recently asked for goes first. */
  function remember(text: string, encoded: EncodedQuery): EncodedQuery {
    known.delete(text)
    known.set(text, encoded)
    const [oldest] = known.keys()
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest)
    return encoded
  }
}

async function encodeNow(text: string, model: EmbeddingModel, signal: AbortSignal): Promise<EncodedQuery> {
  const [[vector], background] = await Promise.all([
    model.embed([text], { kind: 'query' }, signal),
    // Goes on after the deadline: the next question finds it done.
    model.background(new AbortController().signal),
  ])
  if (vector?.length !== model.dimensions)
    throw invalid(model, `${vector?.length ?? 0} dimensions instead of ${model.dimensions}`)
  if (!vector.every(Number.isFinite)) throw invalid(model, 'a value that is no number')
  return { vector, background }
}

function invalid({ id }: EmbeddingModel, reason: string): TouchstoneError {
  return new TouchstoneError('EMBEDDING_INVALID', { details: { embedding: nameOf(id), reason } })
}

/** Ends at the deadline even when the work takes no notice of its signal. */
async function withinDeadline<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  deadlineMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result> {
  const late = new AbortController()
  const limited = AbortSignal.any([signal, late.signal])
  const cancel = clock.after(deadlineMs, () => late.abort(new DOMException(`no answer within ${deadlineMs} ms`, 'TimeoutError')))
  try {
    return await untilAborted(work(limited), limited)
  } finally {
    cancel()
  }
}

/** Reaches askers: of an error that was not expected, no more than that. */
function toNotice(id: string, error: unknown): TouchstoneError {
  const isTimeout = error instanceof DOMException && error.name === 'TimeoutError'
  const reason = isTimeout ? error.message : error instanceof TouchstoneError ? error.code : 'INTERNAL'
  return new TouchstoneError('SEARCH_WITHOUT_VECTORS', { details: { embedding: nameOf(id), reason }, cause: error })
}

/** As the configuration names it. */
function nameOf(id: string): string {
  return id.startsWith('builtin/') ? id : (id.split('/')[0] ?? id)
}
