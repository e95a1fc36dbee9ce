/** Files that may do what forbidden-syntax.ts forbids, each with its reason. Add a row only with a reason that a reviewer would accept. */
import type { Exception } from './exceptions.ts'

export type SyntaxRule = 'any' | 'bare-error' | 'default-export'

export const syntaxExceptions: Readonly<Record<SyntaxRule, readonly Exception[]>> = {
  any: [],
  'bare-error': [
    { files: 'src/foundation/errors/touchstone-error.ts', reason: 'the one error type extends Error' },
    { files: 'src/client/request-error.ts', reason: 'the client runs in browsers and imports contracts only, not the catalogue' },
  ],
  'default-export': [
    { files: 'touchstone.config.ts', reason: 'a configuration is loaded by its default export' },
    { files: 'examples/**/touchstone.config.ts', reason: 'a configuration is loaded by its default export' },
  ],
}
