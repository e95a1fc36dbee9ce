/** How alike an embedding finds texts that have nothing to do with each other. Knows a fixed sample; knows no model. */
import type { EmbeddingModel, SimilarityBackground } from '../../contracts/embedding-model.ts'
import { UNRELATED_PAIRS } from './embedding-background.data.ts'
import { cosine } from './unit-vectors.ts'

/** Below this, a model that finds everything equally alike would make noise look like meaning. */
const LEAST_DEVIATION = 0.001

/** Mean and standard deviation of the cosine of each question with every passage but its own. @throws as `EmbeddingModel.embed` */
export async function measureBackground(embed: EmbeddingModel['embed'], signal: AbortSignal): Promise<SimilarityBackground> {
  const questions = await embed(
    UNRELATED_PAIRS.map(([question]) => question),
    { kind: 'query' },
    signal,
  )
  const passages = await embed(
    UNRELATED_PAIRS.map(([, passage]) => passage),
    { kind: 'passage' },
    signal,
  )
  const cosines = questions.flatMap((question, at) =>
    passages.filter((_, other) => other !== at).map((passage) => cosine(question, passage)),
  )
  const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length
  const variance = cosines.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cosines.length
  return { mean, deviation: Math.max(LEAST_DEVIATION, Math.sqrt(variance)) }
}
