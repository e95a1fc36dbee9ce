/** Compares what a look saw with what the oracle says: one check for each document, shown or not. Knows no surface. */
import type { View, Words, World } from './world.ts'

/** What one request brought before somebody's eyes. */
export interface Sight {
  /** Everything that came back: body, error, events, log lines. */
  readonly text: string
  /** Documents that it names. */
  readonly named?: readonly string[]
  /** Which it must name if they may be read: all of the tenant's own, or these. Absent: it need not name any. */
  readonly complete?: 'all' | readonly string[]
  /** How many results were asked for and how many documents match: never fewer than the smaller of the two. */
  readonly wanted?: { readonly limit: number; readonly among: readonly string[]; readonly found: number }
  /** "I searched N documents in ..." */
  readonly searched?: { readonly documents: number; readonly sources: readonly string[] }
  /** Said by the asker, so that it may come back. */
  readonly asked?: readonly string[]
  /** Replaced versions may be shown to readers. */
  readonly older?: boolean
  /** For those who keep the product running: names, no content. */
  readonly staff?: boolean
  /** What the surface found wrong by itself. */
  readonly wrong?: readonly string[]
  /** Decisions that the surface compared by itself. */
  readonly compared?: number
}

export interface Violation {
  readonly surface: string
  readonly user: string
  readonly message: string
}

export interface Tally {
  checks: number
  looks: number
  readonly bySurface: Map<string, number>
}

/**
 * `exact`: shows what may be read and nothing else. `atMost`: while something happens, shows nothing that neither the moment before
 * nor the moment after it allows.
 */
export type Standard = 'exact' | 'atMost'

export interface Bench {
  readonly world: World
  readonly others: readonly World[]
  readonly words: Words
  readonly tally: Tally
}

export function judge(
  surface: string,
  user: string,
  sight: Sight,
  views: readonly View[],
  standard: Standard,
  { world, others, words, tally }: Bench,
): Violation[] {
  const found: string[] = [...(sight.wrong ?? [])]
  const shown = words.found(sight.text).filter((word) => sight.asked?.includes(word) !== true)
  const isAllowed = (word: string): boolean =>
    views.some((view) => (sight.staff === true ? view.mayTell(word) : view.mayShow(user, word, sight.older === true)))
  for (const word of shown) if (!isAllowed(word)) found.push(`shows ${describe(word, words)}`)
  const named = new Set(sight.named)
  const complete = new Set(sight.complete === 'all' ? world.live().map(({ id }) => id) : sight.complete)
  for (const { id } of world.everything()) {
    const mayRead = views.some((view) => view.mayRead(user, id))
    if (named.has(id) && !mayRead) found.push(`names ${id}`)
    if (standard === 'exact' && complete.has(id) && mayRead && !named.has(id)) found.push(`lacks ${id}`)
  }
  if (standard === 'exact') found.push(...countMistakes(user, sight, views[0]!, world))
  // Nothing at all is mostly an error, and its text says which.
  if (found.length > 0 && named.size === 0) found.push(`was told: ${sight.text.slice(0, 300)}`)
  const documents = [world, ...others].reduce((sum, known) => sum + known.everything().length, 0)
  const checks = documents + (sight.compared ?? 0)
  tally.looks += 1
  tally.checks += checks
  tally.bySurface.set(surface, (tally.bySurface.get(surface) ?? 0) + checks)
  return found.map((message) => ({ surface, user, message }))
}

function countMistakes(user: string, { wanted, searched }: Sight, view: View, world: World): string[] {
  const readable = world.live().filter(({ id }) => view.mayRead(user, id))
  const mistakes: string[] = []
  if (wanted !== undefined) {
    const matches = readable.filter(({ id }) => wanted.among.includes(id)).length
    const least = Math.min(wanted.limit, matches)
    if (wanted.found < least) mistakes.push(`${wanted.found} results of ${least}: ${matches} match, ${wanted.limit} were wanted`)
  }
  if (searched !== undefined) {
    const sources = [...new Set(readable.map(({ source }) => source))].sort()
    const said = `${searched.documents} in ${searched.sources.toSorted().join()}`
    const right = `${readable.length} in ${sources.join()}`
    if (said !== right) mistakes.push(`says that it searched ${said}, not ${right}`)
  }
  return mistakes
}

function describe(word: string, words: Words): string {
  const owners = words.of(word).map(({ tenant, document, isName }) => `${isName ? 'the name of ' : ''}${tenant}/${document}`)
  return `${word}: ${owners.join(', ')}`
}
