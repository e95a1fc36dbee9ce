/** Ranking models as files: written, hashed, checked when read. Knows the format; knows nothing of what features mean. */
import { z } from 'zod'
import type { RankingModel } from '../../contracts/ranking-model.ts'
import { TouchstoneError } from '../errors/touchstone-error.ts'
import { canonicalJson, contentHash } from '../hashing/content-hash.ts'

const number = z.number()
const numbers = z.array(number)
const treeSchema = z.strictObject({ feature: numbers, threshold: numbers, right: numbers, value: numbers.min(1) }).refine(
  ({ feature, threshold, right, value }) =>
    [feature, threshold, right].every(({ length }) => length === value.length) &&
    // A right child lies behind the left one, so a walk always ends.
    right.every((child, node) => child === 0 || (Number.isInteger(child) && child > node + 1 && child < value.length)),
  'its nodes contradict each other',
)
const scorerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('linear'), bias: number, weights: numbers }),
  z.strictObject({ kind: z.literal('trees'), bias: number, trees: z.array(treeSchema) }),
])
const modelSchema = z.strictObject({
  format: z.literal('touchstone-ranking-model@1'),
  hash: z.string(),
  featuresVersion: z.number().int(),
  features: z.array(z.string()).min(1),
  pool: z.number().int().min(1).max(1_000),
  scorer: scorerSchema,
  report: z.unknown().optional(),
})

/** The model with its hash. */
export function sealRankingModel(model: Omit<RankingModel, 'hash' | 'format'>): RankingModel {
  const { report, ...deciding } = { format: 'touchstone-ranking-model@1' as const, ...model }
  const hash = contentHash(canonicalJson(deciding))
  return { ...deciding, hash, ...(report === undefined ? {} : { report }) }
}

/**
 * @param json the parsed file  @param path only for the error
 * @throws TouchstoneError RANKING_MODEL_INVALID also when the content is not what the hash says
 */
export function parseRankingModel(json: unknown, path: string): RankingModel {
  const fail = (reason: string): never => {
    throw new TouchstoneError('RANKING_MODEL_INVALID', { details: { path, reason } })
  }
  const parsed = modelSchema.safeParse(json)
  if (!parsed.success) return fail(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  const { hash, format: _format, ...model } = parsed.data
  if (looksAt(model.scorer) > model.features.length) fail('it looks at features that it does not name')
  const sealed = sealRankingModel(model)
  return sealed.hash === hash ? sealed : fail('its content was changed after it was written')
}

/** One more than the highest feature that the scorer looks at. */
function looksAt(scorer: RankingModel['scorer']): number {
  if (scorer.kind === 'linear') return scorer.weights.length
  let most = 0
  for (const { feature } of scorer.trees)
    for (const at of feature) most = Number.isInteger(at) && at >= 0 ? Math.max(most, at + 1) : Number.POSITIVE_INFINITY
  return most
}
