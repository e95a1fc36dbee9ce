/** Which paths of a tree are read, and what rules by path declare: the options that sources of files have in common. */
import picomatch from 'picomatch'
import { z } from 'zod'
import type { DeclaredAccess } from '../../contracts/connector.ts'
import { parseAclDeclaration } from '../../foundation/access/acl-declaration.ts'

export const selectionOptions = {
  include: z.array(z.string()).default(['**']).describe('Only files that match one of these patterns are read.'),
  exclude: z.array(z.string()).default([]).describe('Of these, files that match one of these patterns are left out.'),
  maxFileBytes: z.number().int().positive().default(50_000_000).describe('A larger file is not read and counts as failed.'),
  access: z
    .array(z.looseObject({ path: z.string().min(1) }))
    .default([])
    .describe(
      'Who may read what, as { path: pattern, readers | all, deny }: the outermost declarations, the last match nearest.',
    ),
}

type SelectionOptions = z.infer<z.ZodObject<typeof selectionOptions>>

export interface PathSelection {
  wanted(path: string): boolean
  /** What the rules declare for a path, in their order. */
  rules(path: string): readonly DeclaredAccess[]
}

export function createPathSelection(options: SelectionOptions): PathSelection {
  const included = picomatch(options.include, { dot: false })
  const excluded = picomatch(options.exclude, { dot: true })
  const rules = options.access.map(({ path, ...rule }, index) => ({
    matches: picomatch(path, { dot: true }),
    declared: { place: `rule:${index}`, declaration: parseAclDeclaration(rule) },
  }))
  return {
    wanted: (path) => included(path) && !excluded(path),
    rules: (path) => rules.filter((rule) => rule.matches(path)).map((rule) => rule.declared),
  }
}
