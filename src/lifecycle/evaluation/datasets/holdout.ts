/** The sealed part of a golden set: left out of ordinary runs, and every look at it is written down first. Knows nothing of runs. */
import { open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { withRoom } from '../../../foundation/storage/durable-files.ts'
import { invalidDataset, type Dataset } from './load-dataset.ts'

/** The split that is sealed. */
export const HOLDOUT = 'holdout'

const lookSchema = z.strictObject({ at: z.iso.datetime(), by: z.string(), why: z.string().min(1), version: z.string() })

/** Who put the sealed part to a system, when and why; `version` is that of the set. */
export type Look = z.infer<typeof lookSchema>

/**
 * The cases of one split; without one, all but the sealed ones. Each time the sealed part is seen it becomes less able to tell
 * whether a system was fitted to it, so the look is on disk before a case is given.
 * @param look required for `holdout`
 * @throws TouchstoneError ARGUMENT_INVALID for an unknown split, or a look without a reason; DISK_FULL
 */
export async function selectSplit(
  dataset: Dataset,
  split: string | undefined,
  look?: Omit<Look, 'version'>,
): Promise<readonly EvaluationCase[]> {
  const sealed = new Set(dataset.splits[HOLDOUT] ?? [])
  if (split === undefined) return dataset.cases.filter(({ id }) => !sealed.has(id))
  const ids = Object.hasOwn(dataset.splits, split) ? dataset.splits[split] : undefined
  if (ids === undefined) {
    const known = Object.keys(dataset.splits).join(', ') || 'none'
    throw refused(`the set has no split "${split}"; it has ${known}`)
  }
  if (split === HOLDOUT) {
    if (look === undefined || look.why.trim() === '') throw refused('a look at the sealed part needs a reason')
    await appendLook(dataset.files.looks, { ...look, version: dataset.version })
  }
  const wanted = new Set(ids)
  return dataset.cases.filter(({ id }) => wanted.has(id))
}

/** Oldest first. @throws TouchstoneError DATASET_INVALID when a line cannot be read: a count that is wrong is worse than none */
export async function readLooks(dataset: Pick<Dataset, 'files'>): Promise<readonly Look[]> {
  const path = dataset.files.looks
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return []
    try {
      return lookSchema.parse(JSON.parse(line))
    } catch {
      throw invalidDataset(path, [`line ${at + 1} is no look`])
    }
  })
}

function appendLook(path: string, look: Look): Promise<void> {
  return withRoom(path, async () => {
    await using file = await open(path, 'a')
    await file.writeFile(`${JSON.stringify(look)}\n`)
    await file.sync()
  })
}

function refused(reason: string): TouchstoneError {
  return new TouchstoneError('ARGUMENT_INVALID', { details: { name: '--split', reason, command: 'eval' } })
}
