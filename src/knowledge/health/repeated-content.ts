/** Documents that say what others say: the same text, nearly the same, or another edition. Reads nothing. */
import { groupSimilar } from '../../foundation/text/similar-texts.ts'
import type { TextSketch } from '../../foundation/text/text-sketch.ts'
import { editionOf, familyOf, isDeclaredSuperseded } from '../retrieval/rerankers/superseded.ts'
import { counted, type DocumentRow, EXAMPLES, groupsBySource, type SourceFinding } from './document-findings.ts'

/** @param sketches by document; what has none is compared by its exact text alone */
export function repeatedContent(
  documents: readonly DocumentRow[],
  sketches: ReadonlyMap<string, TextSketch>,
): readonly SourceFinding[] {
  return [...conflictingEditions(documents), ...duplicates(documents), ...nearDuplicates(documents, sketches)]
}

function conflictingEditions(documents: readonly DocumentRow[]): SourceFinding[] {
  const editions = documents.filter(({ path }) => editionOf(path) !== undefined)
  const families = [...Map.groupBy(editions, familyOf).values()]
  const conflicts = families.map((family) => family.filter(isCurrent)).filter((current) => current.length > 1)
  return groupsBySource(conflicts, (groups, count) => ({
    problem: 'conflicting-versions',
    severity: 'warning',
    documents: count,
    message: `${counted(count)} in ${groups.length} ${groups.length === 1 ? 'family' : 'families'} of editions that all count as current`,
    cure: 'Answers prefer the newest year or version. Say `status: superseded` in the front matter of the others, or remove them.',
    examples: groups.slice(0, EXAMPLES),
  }))
}

function duplicates(documents: readonly DocumentRow[]): SourceFinding[] {
  const withText = documents.filter(({ chunks }) => chunks > 0)
  const groups = [...Map.groupBy(withText, ({ blob }) => blob).values()].filter((group) => group.length > 1)
  return groupsBySource(groups, (found, count) => ({
    problem: 'duplicates',
    severity: 'warning',
    documents: count,
    message: `${counted(count)} with the same text as another (${found.length} ${found.length === 1 ? 'text' : 'texts'})`,
    cure: 'Keep one of each, or exclude the copies: an edit of one leaves the others behind.',
    examples: found.slice(0, EXAMPLES),
  }))
}

/** Without what is told already: exact copies, and editions of one document, replaced or in conflict. */
function nearDuplicates(documents: readonly DocumentRow[], sketches: ReadonlyMap<string, TextSketch>): SourceFinding[] {
  const texts = Map.groupBy(documents.filter(isCurrent), ({ blob }) => blob)
  const sketched = [...texts.values()].flatMap((copies) => {
    const sketch = copies.map(({ id }) => sketches.get(id)).find((known) => known !== undefined)
    return sketch === undefined ? [] : [{ copies, sketch }]
  })
  const groups = groupSimilar(sketched)
    .map((similar) => similar.flatMap(({ copies }) => copies))
    .filter((group) => new Set(group.map(familyOf)).size > 1)
  return groupsBySource(groups, (found, count) => ({
    problem: 'near-duplicates',
    severity: 'warning',
    documents: count,
    message: `${counted(count)} with nearly the same text as another (${found.length} ${found.length === 1 ? 'group' : 'groups'})`,
    cure: 'Searches show the newest of them first. Keep one, or say `superseded_by: …` in the front matter of those that it replaces.',
    examples: found.slice(0, EXAMPLES),
  }))
}

function isCurrent({ metadata }: DocumentRow): boolean {
  return !isDeclaredSuperseded(metadata)
}
