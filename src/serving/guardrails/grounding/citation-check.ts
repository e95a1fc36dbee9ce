/** From a drafted sentence to one whose citations are proven: retrieved, readable now, quoted exactly. Knows nothing of streams. */
import type { AnswerSentence, Citation, Support } from '../../../contracts/answer.ts'
import type { AccessControl, CallerIdentity } from '../../../contracts/asker.ts'
import type { DocumentId } from '../../../contracts/identity.ts'
import type { ModelCost } from '../../../contracts/chat-model.ts'
import type { Passage } from '../../../contracts/document.ts'
import type { DraftSentence } from './sentence-stream.ts'
import { findSupport, type TextSpan } from './support.ts'

/** Asks a model about sentences that no rule supports. Without one such a sentence has the support `none`. */
export interface SupportChecker {
  /** @returns whether the passages state everything the sentence says; an unreadable reply counts as no @throws TouchstoneError MODEL_* */
  confirm(sentence: string, passages: readonly Passage[], signal: AbortSignal): Promise<boolean>
  /** What all its questions cost so far. */
  spent(): ModelCost
}

export interface CitationCheckParts {
  readonly access: Pick<AccessControl, 'readableNow'>
  readonly checker: SupportChecker | undefined
}

export interface CheckContext {
  readonly caller: CallerIdentity
  /** As retrieved and numbered in the prompt. */
  readonly passages: readonly Passage[]
  /** Every document that the prompt tells of: those of the passages and of earlier answers. */
  readonly told: readonly DocumentId[]
  readonly signal: AbortSignal
}

/**
 * Support is looked for in what the sentence cites, then in the other passages (a wrong or missing marker is repaired by what can
 * be proven). Readability is asked last, immediately before the caller emits the sentence.
 * @returns nothing when the sentence must not be shown to this asker: it cites, or may tell of, something not readable now
 */
export async function checkSentence(
  draft: DraftSentence,
  context: CheckContext,
  parts: CitationCheckParts,
): Promise<AnswerSentence | undefined> {
  const cited = draft.markers.flatMap((marker) => context.passages[marker - 1] ?? [])
  const proven = await proveSentence(draft.text, cited, context, parts.checker)
  const readable = await readableDocuments(context, parts.access)
  if (cited.some((passage) => !readable.has(passage.document))) return undefined
  const citations = proven.citations.filter((citation) => readable.has(citation.document))
  // Without proof the sentence could tell of anything in the prompt, so all of it must be readable.
  const mayTell = proven.support === 'none' ? readsAll(context, readable) : citations.length > 0
  return mayTell ? { text: draft.text, support: proven.support, citations } : undefined
}

/** Whether the asker may, at this moment, read every document that a sentence not yet checked could tell of. */
export async function mayTellUnchecked(context: CheckContext, parts: CitationCheckParts): Promise<boolean> {
  return readsAll(context, await readableDocuments(context, parts.access))
}

async function proveSentence(
  text: string,
  cited: readonly Passage[],
  context: CheckContext,
  checker: SupportChecker | undefined,
): Promise<{ readonly support: Support; readonly citations: readonly Citation[] }> {
  const byRule = proveByRule(text, cited) ?? proveByRule(text, context.passages)
  if (byRule) return byRule
  const asked = cited.length > 0 ? cited : context.passages
  if (!checker || !(await checker.confirm(text, asked, context.signal))) return { support: 'none', citations: [] }
  return { support: 'model', citations: asked.flatMap((passage) => cite(passage, { start: 0, end: passage.text.length })) }
}

function proveByRule(text: string, passages: readonly Passage[]): { support: Support; citations: Citation[] } | undefined {
  const found = passages.flatMap((passage) => {
    const finding = findSupport(text, passage)
    return finding ? cite(passage, finding.span).map((citation) => ({ support: finding.support, citation })) : []
  })
  const support = found.some((entry) => entry.support === 'quoted') ? 'quoted' : 'lexical'
  const citations = found.filter((entry) => entry.support === support).map((entry) => entry.citation)
  return citations.length > 0 ? { support, citations } : undefined
}

/** No citation when the passage's text does not lie where it says: an offset that lies is worse than none. */
function cite(passage: Passage, span: TextSpan): Citation[] {
  if (passage.text.length !== passage.end - passage.start) return []
  return [
    {
      document: passage.document,
      version: passage.version,
      chunk: passage.chunk,
      start: passage.start + span.start,
      end: passage.start + span.end,
      quote: passage.text.slice(span.start, span.end),
      title: passage.title,
      ...passage.place,
    },
  ]
}

function readableDocuments(context: CheckContext, access: CitationCheckParts['access']): Promise<ReadonlySet<DocumentId>> {
  return access.readableNow(context.caller, context.told)
}

function readsAll(context: CheckContext, readable: ReadonlySet<DocumentId>): boolean {
  return context.told.every((document) => readable.has(document))
}
