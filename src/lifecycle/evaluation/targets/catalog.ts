/** Every kind of target that needs no application of ours. To add one: its file, its test, an import and a line here. */
import { commandTarget } from './command-target.ts'
import type { TargetExtension } from './evaluation-target.ts'
import { httpTarget } from './http-target.ts'
import { moduleTarget } from './module-target.ts'

export const targetCatalog: readonly TargetExtension[] = [
  httpTarget as TargetExtension,
  commandTarget as TargetExtension,
  moduleTarget as TargetExtension,
]
