/** From drafted sentences to the events an asker sees, checked first or confirmed later. Knows no model and no storage. */
import type { AnswerEvent, AnswerSentence } from '../contracts/answer.ts'
import type { ModelCost } from '../contracts/chat-model.ts'
import type { AnswerPolicy } from '../contracts/release.ts'
import type { DraftEnd, DraftStream } from './draft-stream.ts'
import {
  checkSentence,
  mayTellUnchecked,
  type CheckContext,
  type CitationCheckParts,
} from './guardrails/grounding/citation-check.ts'
import type { DraftSentence } from './guardrails/grounding/sentence-stream.ts'
import type { RequestRun } from './request-run.ts'

/** A sentence that stands, with what the whole text needs. */
export interface StandingSentence {
  readonly index: number
  readonly lead: DraftSentence['lead']
  readonly sentence: AnswerSentence
}

/** Drafts checked for each sentence an answer may have; a model whose sentences nearly all fall is not read to its end. */
const DRAFTS_PER_SENTENCE = 8

export interface EmittedAnswer extends DraftEnd {
  readonly standing: readonly StandingSentence[]
}

export interface EmissionRules {
  readonly streaming: AnswerPolicy['streaming']
  readonly unsupported: AnswerPolicy['unsupported']
  readonly maxSentences: number
}

/**
 * `strict`: a sentence is sent once, after its check. `provisional`: it is sent at once, unsupported and uncited, unless a passage
 * stopped being readable meanwhile; then `confirm` brings its support or `retract` takes it back. With enough sentences the
 * rest of the draft is read only for what it cost.
 */
export async function* emitSentences(
  drafts: DraftStream,
  context: CheckContext,
  rules: EmissionRules,
  parts: CitationCheckParts,
  run: RequestRun,
): AsyncGenerator<AnswerEvent, EmittedAnswer> {
  const standing: StandingSentence[] = []
  let index = 0
  let drafted = 0
  for await (const draft of drafts.sentences) {
    const sentence = yield* emitSentence(draft, index, context, rules, parts, run)
    if (sentence) standing.push({ index, lead: draft.lead, sentence })
    if (sentence || rules.streaming === 'provisional') index += 1
    drafted += 1
    if (standing.length >= rules.maxSentences || drafted >= rules.maxSentences * DRAFTS_PER_SENTENCE) drafts.enough()
  }
  const end = drafts.end()
  return { ...end, ...(parts.checker ? addCosts(end, parts.checker.spent()) : {}), standing }
}

function addCosts(left: ModelCost, right: ModelCost): ModelCost {
  return {
    usage: {
      inputTokens: left.usage.inputTokens + right.usage.inputTokens,
      outputTokens: left.usage.outputTokens + right.usage.outputTokens,
    },
    costNanoUsd: left.costNanoUsd + right.costNanoUsd,
  }
}

async function* emitSentence(
  draft: DraftSentence,
  index: number,
  context: CheckContext,
  rules: EmissionRules,
  parts: CitationCheckParts,
  run: RequestRun,
): AsyncGenerator<AnswerEvent, AnswerSentence | undefined> {
  const provisional = rules.streaming === 'provisional' && (await run.stage('check', () => mayTellUnchecked(context, parts)))
  if (provisional) yield { type: 'sentence', index, provisional, text: draft.text, support: 'none', citations: [] }
  const checked = await run.stage('check', () => checkSentence(draft, context, parts))
  const sentence = checked?.support === 'none' && rules.unsupported === 'drop' ? undefined : checked
  if (sentence)
    yield provisional ? { type: 'confirm', index, ...sentence } : { type: 'sentence', index, provisional, ...sentence }
  else if (provisional) yield { type: 'retract', index }
  return sentence
}
