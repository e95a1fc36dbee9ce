/** Surfaces that say more than the decision behind them: caches, counts, error texts, logs, lists for those who keep things running. */
import type { AnswerEvent } from '../../../src/contracts/answer.ts'
import type { TenantId } from '../../../src/contracts/identity.ts'
import type { SearchResult } from '../../../src/contracts/search.ts'
import { TouchstoneError } from '../../../src/foundation/errors/touchstone-error.ts'
import type { StateDatabase } from '../../../src/foundation/storage/state-schema.ts'
import type { Tampering } from '../product.ts'
import type { Plant } from './plant.ts'

function application(id: string, wrap: NonNullable<Tampering['application']>): Plant {
  return { id, tampering: { application: wrap } }
}

async function titleOf(state: StateDatabase, document: string): Promise<string> {
  const row = await state.selectFrom('documents').select('title').where('id', '=', document).executeTakeFirst()
  return row?.title ?? ''
}

export const surfacePlants: readonly Plant[] = [
  application('found passages are remembered for everybody', (given) => {
    const known = new Map<string, Promise<SearchResult>>()
    return {
      ...given,
      search: (request) => {
        const key = `${request.query} ${request.limit} ${JSON.stringify(request.filter)}`
        const found = known.get(key) ?? given.search(request)
        known.set(key, found)
        return found
      },
    }
  }),
  application('answers are remembered for each person without the generation of permissions', (given) => {
    const known = new Map<string, Promise<AnswerEvent[]>>()
    return {
      ...given,
      answer: async function* (request) {
        const key = `${request.caller.user} ${request.feature} ${request.question}`
        const events = known.get(key) ?? Array.fromAsync(given.answer(request))
        known.set(key, events)
        yield* await events
      },
    }
  }),
  application('an error text names the title', (given) => ({
    ...given,
    documentText: async (caller, document, version) =>
      given.documentText(caller, document, version).catch(async () => {
        const title = await titleOf(given.foundation.state, document)
        throw new TouchstoneError('DOCUMENT_UNKNOWN', { details: { document: `${document} (${title})` } })
      }),
  })),
  application('a log line tells what was found', (given) => ({
    ...given,
    search: async (request) => {
      const found = await given.search(request)
      given.foundation.log(`found ${found.items.map(({ title }) => title).join()}`)
      return found
    },
  })),
  application('the health of sources quotes documents', (given) => ({
    ...given,
    sources: async (options) => {
      const rows = await given.foundation.state.selectFrom('documents').select('title').execute()
      return (await given.sources(options)).map((source) => ({ ...source, kind: rows.map(({ title }) => title).join() }))
    },
  })),
  application('whoever pushes is shown what the document says', (given) => ({
    ...given,
    pushed: async (document) => ({ ...(await given.pushed(document)), title: await titleOf(given.foundation.state, document) }),
  })),
  application("another tenant's documents stand in a list", (given) => ({
    ...given,
    documents: async (caller, page) => {
      const tenant = (given.tenant === 'red' ? 'blue' : 'red') as TenantId
      const rows = await given.foundation.state
        .selectFrom('documents')
        .selectAll()
        .where('tenant', '=', tenant)
        .limit(1)
        .execute()
      const foreign = rows.map(({ id, version, title, path, language }) => ({ id, version, title, path, language }))
      const listed = await given.documents(caller, page)
      return [...listed, ...foreign.map(({ id, ...row }) => ({ ...row, document: id, mediaType: 'x', modifiedAtMs: 0 }) as never)]
    },
  })),
  {
    id: 'counts include what may not be read',
    tampering: {
      around: () => ({
        foundation: (foundation) => ({
          ...foundation,
          documents: {
            ...foundation.documents,
            countReadable: (tenant) =>
              foundation.documents.countReadable(
                tenant,
                Int32Array.from({ length: 20_000 }, (_, scope) => scope),
              ),
          },
        }),
      }),
    },
  },
  application('a golden set is answered as the person who reads most', (given) => ({
    ...given,
    evaluate: async (suite, options) => {
      const run = await given.evaluate(suite, options)
      const rows = await given.foundation.state
        .selectFrom('documents')
        .select('title')
        .where('tenant', '=', given.tenant)
        .execute()
      return { ...run, answered: rows.map(({ title }) => title) }
    },
  })),
]
