/** A feature of the configuration by its name. Knows nothing of what a feature does. */
import { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import type { ResolvedConfig } from './config.ts'

/** @throws TouchstoneError FEATURE_UNKNOWN */
export function featureOf({ features }: ResolvedConfig, feature: string): ResolvedConfig['features'][string] {
  const found = Object.hasOwn(features, feature) ? features[feature] : undefined
  if (found !== undefined) return found
  throw new TouchstoneError('FEATURE_UNKNOWN', { details: { feature, known: Object.keys(features) } })
}
