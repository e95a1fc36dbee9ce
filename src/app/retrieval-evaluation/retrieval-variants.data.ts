/** Named ways of retrieving that can be measured beside the one that serves. To add one: a line here. */
import type { RetrievalSettings } from '../../contracts/release.ts'

export interface RetrievalVariant {
  readonly summary: string
  /** What differs from the feature's own settings. */
  readonly settings: Partial<RetrievalSettings>
}

export const SHIPPED = 'shipped'

export const retrievalVariants: Readonly<Record<string, RetrievalVariant>> = {
  [SHIPPED]: { summary: "the feature's settings", settings: {} },
  'no-reranker': { summary: 'the order of the first stage', settings: { rerankers: [] } },
  proximity: { summary: 'the reranker of words close together', settings: { rerankers: ['proximity'] } },
  learned: { summary: 'the built-in learned reranker', settings: { rerankers: ['learned'] } },
  'chunks-only': { summary: 'without the list of whole documents', settings: { documentWeight: 0 } },
  'documents-only': { summary: 'by the list of whole documents', settings: { documentWeight: 1 } },
  'words-only': { summary: 'without the list by meaning', settings: { denseWeight: 0 } },
  'meaning-only': { summary: 'by the list by meaning', settings: { denseWeight: 1 } },
  'no-rewriter': { summary: 'questions as they were asked', settings: { queryRewriters: [] } },
}
