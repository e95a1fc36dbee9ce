/** A golden set in TypeScript. Types alone: whoever imports `touchstone` for its configuration loads no scorer. */
import type { WrittenCase } from './case-schema.ts'
import type { WrittenAbout } from './suite-schema.ts'

/** The keys of dataset.yaml, and the cases. */
export type SuiteDefinition = WrittenAbout & { readonly cases: readonly WrittenCase[] }

/** Types what the default export of a suite file holds; checked when it is loaded. */
export function defineSuite(suite: SuiteDefinition): SuiteDefinition {
  return suite
}
