/** Where a request is: lets an edit happen between two of its stages, and a tampered part know for which stage it is asked. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { PartsAround } from '../../src/app/compose.ts'
import type { Foundation } from '../../src/app/composition.ts'
import type { Asker } from '../../src/contracts/asker.ts'
import type { DocumentIndex, DocumentIndexEngine } from '../../src/contracts/document-index.ts'
import type { Tracer } from '../../src/contracts/telemetry.ts'

/** Ends of stages at which an edit can come; `filtered` lies between the two permission locks. */
export type Moment = 'authorise' | 'recall' | 'filtered' | 'retrieve' | 'check'

export interface StageWatch {
  /** Does the work once, when a request comes past that moment, before it goes on. @returns how to call it off, and whether it was done */
  once(moment: Moment, work: () => Promise<void>): () => boolean
  /** The stage of the request that asks; nothing outside of questions and searches. */
  stage(): string | undefined
  /** Who was authorised last. */
  asker(): Asker | undefined
  around(further: PartsAround): PartsAround
}

export function createStageWatch(): StageWatch {
  const stages = new AsyncLocalStorage<string>()
  let last: Asker | undefined
  let waiting: { readonly moment: Moment; readonly work: () => Promise<void> } | undefined
  async function pass(moment: string): Promise<void> {
    if (waiting?.moment !== moment) return
    const { work } = waiting
    waiting = undefined
    await stages.run('edit', work)
  }
  const watchTracer = (tracer: Tracer): Tracer => ({
    start: (kind, attributes) => {
      const trace = tracer.start(kind, attributes)
      return {
        ...trace,
        span: async (name, stage) => {
          const result = await trace.span(name, () => stages.run(name, stage))
          if (name !== 'generate') await pass(name)
          return result
        },
      }
    },
  })
  const watchFoundation = (foundation: Foundation): Foundation => ({
    ...foundation,
    tracer: watchTracer(foundation.tracer),
    access: {
      ...foundation.access,
      authorise: async (caller) => (last = await foundation.access.authorise(caller)),
    },
  })
  return {
    once: (moment, work) => {
      const mine = { moment, work }
      waiting = mine
      return () => {
        const isDone = waiting !== mine
        if (!isDone) waiting = undefined
        return isDone
      }
    },
    stage: () => stages.getStore(),
    asker: () => last,
    around: (further) => ({
      foundation: (foundation) => watchFoundation(further.foundation?.(foundation) ?? foundation),
      engine: (engine) => aroundIndex(further.engine?.(engine) ?? engine, (index) => watchIndex(index, () => pass('filtered'))),
    }),
  }
}

function watchIndex(index: DocumentIndex, afterSearch: () => Promise<void>): Partial<DocumentIndex> {
  return {
    searchLexical: async (...search) => {
      const hits = await index.searchLexical(...search)
      await afterSearch()
      return hits
    },
  }
}

/** The engine with some methods of its indexes replaced. */
export function aroundIndex(
  engine: DocumentIndexEngine,
  replace: (index: DocumentIndex, tenant: string, definition: string) => Partial<DocumentIndex>,
): DocumentIndexEngine {
  return {
    ...engine,
    open: async (tenant, definition, shape) => {
      const index = await engine.open(tenant, definition, shape)
      const replaced = replace(index, tenant, definition)
      return new Proxy(index, {
        get: (target, key) => {
          const own: unknown = Reflect.get(replaced, key)
          if (own !== undefined) return own
          const value: unknown = Reflect.get(target, key)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
}
