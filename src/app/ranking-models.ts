/** Reads the ranking models that settings name: the built-in one, files of ours, files of LightGBM and XGBoost. Knows formats by their looks. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isLightGbmModel, readLightGbmModel } from '../adapters/lightgbm/lightgbm-model.ts'
import { isXgboostModel, readXgboostModel } from '../adapters/xgboost/xgboost-model.ts'
import type { ImportedRankingModel, RankingModel } from '../contracts/ranking-model.ts'
import { messageOf, TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { parseRankingModel, sealRankingModel } from '../foundation/ranking/model-file.ts'
import { builtInModelFile } from '../knowledge/retrieval/rerankers/built-in-model.ts'
import { learned } from '../knowledge/retrieval/rerankers/learned.ts'
import { FEATURES_VERSION } from '../knowledge/retrieval/rerankers/ranking-features.ts'

/** Candidates that a reranker orders: as many as each first-stage list gives by default. */
export const RANKING_POOL = 60

/**
 * @param names as settings write them; those of other rerankers are passed over
 * @param baseDirectory where relative paths start
 * @returns by name; the built-in model is always there
 * @throws TouchstoneError RANKING_MODEL_INVALID
 */
export async function readRankingModels(
  names: readonly string[],
  baseDirectory: string,
): Promise<ReadonlyMap<string, RankingModel>> {
  const prefix = `${learned.id}:`
  const models = new Map([[learned.id, await readRankingModel(builtInModelFile)]])
  for (const name of new Set(names))
    if (name.startsWith(prefix)) models.set(name, await readRankingModel(resolve(baseDirectory, name.slice(prefix.length))))
  return models
}

/** @throws TouchstoneError RANKING_MODEL_INVALID */
export async function readRankingModel(path: string): Promise<RankingModel> {
  const fail = (reason: string): never => {
    throw new TouchstoneError('RANKING_MODEL_INVALID', { details: { path, reason } })
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => fail(messageOf(error)))
  if (isLightGbmModel(text)) return toRankingModel(readLightGbmModel(text, path))
  const json = parseJson(text, fail)
  return isXgboostModel(json) ? toRankingModel(readXgboostModel(json, path)) : parseRankingModel(json, path)
}

function parseJson(text: string, fail: (reason: string) => never): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    return fail(messageOf(error))
  }
}

/** Its features are those of this version, since nothing says otherwise. */
function toRankingModel({ features, scorer }: ImportedRankingModel): RankingModel {
  return sealRankingModel({ featuresVersion: FEATURES_VERSION, features, pool: RANKING_POOL, scorer })
}
