/** Everything that is fuzzed. */
import { configFamilies } from './config-families.ts'
import type { FuzzFamily } from './fuzz-target.ts'
import { httpFamilies } from './http-families.ts'
import { parserFamilies } from './parser-families.ts'

export const fuzzCatalog: readonly FuzzFamily[] = [...parserFamilies, ...httpFamilies, ...configFamilies]
