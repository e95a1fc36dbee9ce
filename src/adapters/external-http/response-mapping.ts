/** From an index's answer to results with permissions. Whatever a result leaves unclear about who may read it means nobody. */
import type { Acl, AclClause } from '../../contracts/acl.ts'
import type { ExternalResult } from '../../contracts/external-index.ts'
import type { PrincipalId } from '../../contracts/identity.ts'
import { groupPrincipal, parsePrincipal, userPrincipal } from '../../foundation/access/principal.ts'
import { textAt, valuesAt } from './json-path.ts'
import type { ExternalHttpOptions } from './options.ts'

type PrincipalList = ExternalHttpOptions['permissions']['readers']

const MOST_TEXT = 1_000_000
const SPELLED = { group: groupPrincipal, user: userPrincipal, principal: parsePrincipal } as const
/** What an id may be: it becomes part of a document's name. */
const ID = /^[^\p{Cc}\p{Cs}]{1,1000}$/u

/** @returns `undefined` when the answer has no list of results; results without id or text are left out */
export function mapResponse(answer: unknown, options: ExternalHttpOptions): readonly ExternalResult[] | undefined {
  const { results, limit } = options
  const found = valuesAt(answer, results).filter((result) => result !== null && typeof result === 'object')
  if (found.length === 0 && !hasList(answer, results)) return undefined
  const mapped = found.slice(0, limit).flatMap((result) => mapResult(result, options) ?? [])
  const best = Math.max(...mapped.map(({ score }) => score), 0)
  const shares = mapped.map((result, rank) => ({ ...result, score: best > 0 ? result.score / best : 1 - rank / mapped.length }))
  return shares.sort((left, right) => right.score - left.score)
}

/** An empty list is an answer too. */
function hasList(answer: unknown, path: string): boolean {
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  const holders = steps.length === 0 ? [answer] : valuesAt(answer, steps.join('.'))
  return holders.some((holder) => holder !== null && typeof holder === 'object' && Array.isArray(Reflect.get(holder, last)))
}

function mapResult(result: unknown, { fields, metadata, permissions }: ExternalHttpOptions): ExternalResult | undefined {
  const at = (path: string | undefined): string | undefined => (path === undefined ? undefined : textAt(result, path))
  const id = at(fields.id)
  // Half a character would come back from no stream as it went.
  const text = valuesAt(result, fields.text)
    .filter((part) => typeof part === 'string')
    .join('\n\n')
    .toWellFormed()
    .slice(0, MOST_TEXT)
  if (id === undefined || !ID.test(id) || text.trim() === '') return undefined
  const [url, language, acl] = [at(fields.url), at(fields.language), readAcl(result, permissions)]
  const score = Number(at(fields.score))
  const values = Object.entries(metadata).flatMap(([key, path]) => {
    const value = at(path)
    return value === undefined ? [] : [[key, value] as const]
  })
  return {
    id,
    title: at(fields.title) ?? id,
    text,
    metadata: Object.fromEntries(values),
    score: Number.isFinite(score) && score > 0 ? score : 0,
    ...(url === undefined ? {} : { url }),
    ...(language !== undefined && /^[a-z]{2,3}\b/i.test(language) ? { language: language.slice(0, 2).toLowerCase() } : {}),
    ...(acl === undefined ? {} : { acl }),
  }
}

function readAcl(result: unknown, { readers, all, deny }: ExternalHttpOptions['permissions']): Acl | undefined {
  const clauses: AclClause[] = []
  for (const list of [readers, ...all]) {
    const any = principalsAt(result, list)
    if (any === undefined || any.length === 0) return undefined
    clauses.push({ any })
  }
  const denied = principalsAt(result, deny)
  return denied === undefined ? undefined : { deny: denied, all: clauses }
}

/** @returns `undefined` when one of the values is no principal: nobody can say whom it means */
function principalsAt(result: unknown, list: PrincipalList): readonly PrincipalId[] | undefined {
  try {
    return list.flatMap(({ path, as }) =>
      valuesAt(result, path)
        .filter((value) => value !== null)
        .map((value) => SPELLED[as](typeof value === 'string' ? value : JSON.stringify(value))),
    )
  } catch {
    return undefined
  }
}
