/** From a configured model to what its adapter is told; the one place where its key is read. */
import type { OpenAiCompatibleOptions } from '../adapters/openai-compatible/endpoint-options.ts'
import type { ResolvedConfig } from './config.ts'
import { readSecret } from './load-config.ts'

export function modelOptions(name: string, model: ResolvedConfig['models'][string]): OpenAiCompatibleOptions {
  const { url, timeoutMs, headers } = model
  const apiKey = readSecret(model.apiKey)
  return {
    name,
    url,
    timeoutMs,
    headers,
    model: model.model,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(model.apiVersion === undefined ? {} : { apiVersion: model.apiVersion }),
    ...(model.prices === undefined ? {} : { prices: model.prices }),
  }
}
