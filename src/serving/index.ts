/** Public entry `touchstone/serving`: answering questions and the parts that make an answer. */
export { answerQuestion } from './answer-question.ts'
export type { AnswerParts } from './answer-parts.ts'
export { abstentionText } from './abstention.ts'
export { foldAnswer } from './fold-answer.ts'
export {
  checkSentence,
  type CheckContext,
  type CitationCheckParts,
  type SupportChecker,
} from './guardrails/grounding/citation-check.ts'
export { openModelSupportChecker } from './guardrails/grounding/model-support-checker.ts'
export { createSentenceStream, type DraftSentence, type SentenceStream } from './guardrails/grounding/sentence-stream.ts'
export { findSupport, type SupportFinding } from './guardrails/grounding/support.ts'
export { assemblePrompt, type PromptParts } from './prompts/assemble-prompt.ts'
export { createPrompts, promptCatalog, type Prompts } from './prompts/catalog.ts'
export { promptHash, promptReference, type PromptTemplate } from './prompts/prompt-template.ts'
