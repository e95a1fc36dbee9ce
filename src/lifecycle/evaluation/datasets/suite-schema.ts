/** What a golden set says of itself, in dataset.yaml or beside its cases in TypeScript. Knows no file format and no case. */
import { z } from 'zod'
import { writtenCheck } from './written-check.ts'

const text = z.string().min(1)

/** More may be said, and is kept: provenance, changes. */
export const aboutSchema = z.looseObject({
  name: text.optional(),
  description: text,
  purpose: text.optional(),
  approved_by: text.optional(),
  provenance: z.unknown().optional(),
  /** What every case is scored by, beside what it expects itself. */
  scorers: z.array(writtenCheck).min(1).optional(),
  /** Cases by the name of their part, each in one at most; `holdout` is left out unless asked for with a reason. A conversation's id means all its turns. */
  splits: z.record(text, z.array(text).min(1)).optional(),
})

/** As it is written. */
export type WrittenAbout = z.input<typeof aboutSchema>
export type SuiteAbout = z.output<typeof aboutSchema>
