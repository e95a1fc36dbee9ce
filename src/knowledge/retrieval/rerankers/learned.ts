/** Orders passages as a learned model scores them. Knows how scores become shares; knows nothing of training or files. */
import { z } from 'zod'
import type { Contribution } from '../../../contracts/explanation.ts'
import type { Passage } from '../../../contracts/document.ts'
import type { RankingModel } from '../../../contracts/ranking-model.ts'
import type { RerankerExtension } from '../../../contracts/retrieval.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { createScorer } from '../../../foundation/ranking/ranking-scorer.ts'
import { parseExtensionOptions } from '../parse-extension-options.ts'
import { byScoreThenChunk } from '../passage-selection.ts'
import { createPassageFeatures } from './passage-features.ts'
import { FEATURES_VERSION, rankingFeatures, type RankingFeature } from './ranking-features.ts'
import { demoteSuperseded } from './superseded.ts'

const schema = z.strictObject({
  /** What a replaced document's passage keeps of its score: judged collections have no editions, so models cannot learn it. */
  superseded: z.number().min(0).max(1).default(0.4),
})

export type LearnedOptions = z.output<typeof schema>

export interface LearnedParts {
  readonly model: RankingModel
}

/** `create` throws TouchstoneError RANKING_MODEL_INVALID when the model was trained on other features. */
export const learned: RerankerExtension<LearnedOptions, LearnedParts> = {
  id: 'learned',
  version: 1,
  summary: 'The order that a model has learned from judged questions: the built-in one, or `learned:FILE`',
  parseOptions: (input) => parseExtensionOptions('learned', schema, input),
  create: ({ superseded }, { model }) => {
    const features = featuresOf(model)
    const measure = createPassageFeatures(features)
    const scorer = createScorer(model.scorer, features.length)
    return {
      id: `learned@${model.hash}`,
      pool: model.pool,
      rerank: async (query, passages) => {
        const rows = measure(query, passages)
        const scores = scorer.score(rows)
        const lowest = scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY)
        const scored = passages.map((passage, row) => {
          const score = (scores[row] ?? 0) - lowest
          if (passage.contributions === undefined) return { ...passage, score }
          const values = rows.subarray(row * features.length, (row + 1) * features.length)
          return { ...passage, score, ...explain(passage, values, features, scorer.explain(values), lowest) }
        })
        return demoteSuperseded(query.text, scored, superseded).toSorted(byScoreThenChunk)
      },
    }
  },
}

function featuresOf(model: RankingModel): readonly RankingFeature[] {
  const fail = (reason: string): never => {
    throw new TouchstoneError('RANKING_MODEL_INVALID', { details: { path: model.hash, reason } })
  }
  if (model.featuresVersion !== FEATURES_VERSION)
    fail(`it was trained on version ${model.featuresVersion} of the features, and this is version ${FEATURES_VERSION}`)
  const known = new Map(rankingFeatures.map((feature) => [feature.name, feature]))
  return model.features.map(
    (name) => known.get(name) ?? fail(`there is no feature "${name}"; known: ${[...known.keys()].join(', ')}`),
  )
}

/** A model scores anew, so what earlier stages added is replaced. The worst candidate's score is the base that all have lost. */
function explain(
  passage: Passage,
  values: Float64Array,
  features: readonly RankingFeature[],
  { base, contributions }: { readonly base: number; readonly contributions: Float64Array },
  lowest: number,
): Pick<Passage, 'contributions' | 'features'> {
  const parts = features.map(({ name }, at): Contribution => {
    return { name: `learned/${name}`, value: values[at] ?? 0, contribution: contributions[at] ?? 0 }
  })
  const told = parts.filter(({ contribution }) => contribution !== 0)
  const measured = Object.fromEntries(features.map(({ name }, at) => [name, values[at] ?? 0]))
  return {
    contributions: [...told, { name: 'learned/base', value: base, contribution: base - lowest }],
    features: { ...passage.features, ...measured },
  }
}
