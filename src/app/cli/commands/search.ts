/** `touchstone search`: passages that a person may read, best first. */
import { createTouchstoneClient } from '../../../client/index.ts'
import type { SearchResult } from '../../../contracts/search.ts'
import type { CommonOptions } from '../common-options.ts'
import { describePlace } from '../describe-place.ts'
import { explainHit, explainSearch } from '../explain-hit.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export interface SearchOptions extends CommonOptions {
  readonly as: string
  readonly limit: number
  readonly explain?: boolean
  readonly filter?: Record<string, string>
  readonly feature: string
  readonly url?: string
  readonly key?: string
}

export async function search(query: string, options: SearchOptions): Promise<void> {
  const result = await find(query, options)
  if (options.json === true) return terminal.printJson(result)
  for (const { message } of result.notices ?? []) terminal.note(message)
  for (const { from, to } of result.corrections ?? [])
    terminal.note(`Searched for "${to}": nothing that ${options.as} may read has "${from}".`)
  for (const id of result.unavailable ?? [])
    terminal.note(`The external index ${id} did not answer; its documents are missing here.`)
  if (result.items.length === 0) terminal.print(`Nothing that ${options.as} may read matches.`)
  for (const line of result.explanation === undefined ? [] : explainSearch(result.explanation))
    terminal.print(terminal.style('dim', line))
  for (const hit of result.items) {
    terminal.print(
      `${hit.score.toFixed(3)}  ${terminal.style('bold', hit.title)}  ${terminal.style('dim', `${hit.document}${describePlace(hit)}`)}`,
    )
    terminal.print(`       ${hit.text.replace(/\s+/g, ' ').slice(0, 220)}`)
    for (const line of hit.explanation === undefined ? [] : explainHit(hit.explanation))
      terminal.print(terminal.style('dim', `       ${line}`))
    terminal.print('')
  }
}

async function find(query: string, options: SearchOptions): Promise<SearchResult> {
  const { feature, limit, explain = false } = options
  const filter = options.filter === undefined ? {} : { filter: options.filter }
  if (options.url !== undefined) {
    const key = options.key === undefined ? {} : { key: options.key }
    return createTouchstoneClient({ url: options.url, user: options.as, ...key }).search({
      query,
      feature,
      limit,
      explain,
      ...filter,
    })
  }
  // Whoever opens the data folder is its administrator.
  const explanation = explain ? { explain: 'absolute' as const } : {}
  return withApplication({ ...options, ingestFirst: true }, (application, signal) =>
    application.search({
      caller: { tenant: application.tenant, user: options.as },
      feature,
      query,
      limit,
      signal,
      ...filter,
      ...explanation,
    }),
  )
}
