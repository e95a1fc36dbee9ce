/** Which passages come from documents that a newer one has replaced. Knows what says so, and that they come later; knows nothing of how passages are scored. */
import type { Passage } from '../../../contracts/document.ts'
import { rescored } from '../explanation.ts'
import { replacementNotices } from './replacement-notices.data.ts'

const YEAR = /(?<!\d)(?:19|20)\d\d(?!\d)/g
// A year, or a version behind v, version or rev, as people write them into file names. A year with a month, a quarter or a day
// names a period (minutes, a report), and the next period replaces nothing.
const EDITION = /(?<!\d)(?:19|20)\d\d(?!\d|[-_. ]?(?:\d\d(?!\d)|[qh]\d))|(?<![a-z])(?:v|version|rev)[-_. ]?\d+(?:\.\d+)*/gi
const SUPERSEDED = new Set(['superseded', 'obsolete', 'deprecated', 'archived', 'replaced', 'withdrawn'])
const REPLACED_BY = ['superseded_by', 'supersededby', 'superseded-by', 'replaced_by', 'replacedby', 'replaced-by']

/**
 * The documents among these passages' that are replaced: they say so, or another one present has the same path up to a later
 * year or version. One that carries a year which the question asks for is current for that question.
 */
export function supersededDocuments(question: string, passages: readonly Passage[]): ReadonlySet<string> {
  const asked = new Set(yearsAskedFor(question))
  const newest = newestEditions(passages)
  const superseded = new Set<string>()
  for (const passage of passages) {
    if (yearsOf(passage).some((year) => asked.has(year))) continue
    const edition = editionOf(passage.path)
    const isOlder = edition !== undefined && compareEditions(edition, newest.get(familyOf(passage)) ?? edition) < 0
    if (isOlder || saysSuperseded(passage)) superseded.add(passage.document)
  }
  return superseded
}

/**
 * Passages of replaced documents behind the current edition, whatever else speaks for them.
 * @param share what such a passage keeps of its score, and of the best that a current edition scores, in [0, 1]
 */
export function demoteSuperseded(question: string, passages: readonly Passage[], share: number): readonly Passage[] {
  const superseded = supersededDocuments(question, passages)
  if (superseded.size === 0) return passages
  const currentBest = new Map<string, number>()
  for (const passage of passages) {
    if (superseded.has(passage.document)) continue
    currentBest.set(familyOf(passage), Math.max(passage.score, currentBest.get(familyOf(passage)) ?? 0))
  }
  return passages.map((passage) => {
    if (!superseded.has(passage.document)) return passage
    const score = share * Math.min(passage.score, currentBest.get(familyOf(passage)) ?? passage.score)
    return rescored(passage, score, () => [{ name: 'superseded', value: share, contribution: score - passage.score }])
  })
}

/** The years that a question names. */
export function yearsAskedFor(question: string): readonly string[] {
  return question.match(YEAR) ?? []
}

/** Documents of one family are editions of the same text. */
export function familyOf({ source, path }: Pick<Passage, 'source' | 'path'>): string {
  return `${source}:${path.replace(EDITION, '#')}`
}

function newestEditions(passages: readonly Passage[]): ReadonlyMap<string, readonly number[]> {
  const newest = new Map<string, readonly number[]>()
  for (const passage of passages) {
    const edition = editionOf(passage.path)
    if (edition === undefined || saysSuperseded(passage)) continue
    const known = newest.get(familyOf(passage))
    if (known === undefined || compareEditions(edition, known) > 0) newest.set(familyOf(passage), edition)
  }
  return newest
}

function saysSuperseded({ metadata, replaced }: Passage): boolean {
  return replaced === true || isDeclaredSuperseded(metadata)
}

/** Where a notice stands, if there is one. */
const OPENING_CHARACTERS = 600

/** Whether a text says at its beginning that another one has replaced it. */
export function opensWithReplacement(text: string): boolean {
  const opening = text.slice(0, OPENING_CHARACTERS)
  return replacementNotices.some((notice) => notice.test(opening))
}

/** Whether its metadata says that another one has replaced it. */
export function isDeclaredSuperseded(metadata: Passage['metadata']): boolean {
  return Object.entries(metadata).some(([key, value]) => {
    const name = key.toLowerCase()
    if (REPLACED_BY.includes(name)) return value !== null && value !== undefined && value !== '' && value !== false
    return (
      (name === 'status' && typeof value === 'string' && SUPERSEDED.has(value.toLowerCase())) ||
      (name === 'superseded' && value === true)
    )
  })
}

/** The years in a document's path, title and metadata. */
export function yearsOf({ path, title, metadata }: Passage): readonly string[] {
  const values = Object.entries(metadata)
    .filter(([key]) => !REPLACED_BY.includes(key.toLowerCase()))
    .map(([, value]) => (value instanceof Date ? value.toISOString() : String(value)))
  return [path, title, ...values].flatMap((text) => text.match(YEAR) ?? [])
}

/** The numbers of the years and versions in a path, in order; `undefined` when it has none. */
export function editionOf(path: string): readonly number[] | undefined {
  const numbers = (path.match(EDITION) ?? []).flatMap((part) => (part.match(/\d+/g) ?? []).map(Number))
  return numbers.length > 0 ? numbers : undefined
}

function compareEditions(left: readonly number[], right: readonly number[]): number {
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
