/** Takes cases out of a set for good: their text and their salts. Knows files of cases and their lock; knows nothing of copies elsewhere. */
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { replaceDurably } from '../../../foundation/storage/durable-files.ts'
import { caseReaders } from './case-records.ts'
import { hashCases } from './case-hash.ts'
import { parseCase } from './case-schema.ts'
import { isSuiteModule } from './dataset-files.ts'
import { eraseFromLock, writeLock, type Erasure } from './dataset-lock.ts'
import { invalidDataset, loadDataset, type Dataset } from './load-dataset.ts'

/**
 * Removes the lines of cases, or of whole conversations, and destroys their salts: the set's version stays, and nothing that is left
 * tells whether a guess at the text is right. Done again, it finishes what an interruption left. The version control's history, and
 * records of runs, keep what they have.
 * @param ids as written in the set, a conversation's for all its turns
 * @returns ids of the cases that are erased now
 * @throws TouchstoneError DATASET_INVALID when the set has no lock, an id is unknown, or a person must remove the lines
 */
export async function eraseCases(path: string, ids: readonly string[], erased: Erasure): Promise<readonly string[]> {
  const dataset = await loadDataset(path)
  const { lock, files } = dataset
  if (lock === undefined)
    throw invalidDataset(path, [
      'it has no lock; `npx touchstone eval check --lock` makes one, so that its version outlives a case',
    ])
  const belongs = (id: string): boolean => ids.some((wanted) => id === wanted || id.startsWith(`${wanted}/turn-`))
  const unknown = ids.filter((wanted) => !Object.keys(lock.cases).some((id) => id === wanted || id.startsWith(`${wanted}/turn-`)))
  if (unknown.length > 0)
    throw invalidDataset(
      path,
      unknown.map((id) => `case ${id}: is not in the lock`),
    )
  const gone = Object.keys(lock.cases).filter(belongs)
  const text = await textWithout(dataset, belongs, path)
  await writeLock(files.lock, eraseFromLock(lock, gone, erased))
  if (text !== undefined) await replaceDurably(files.cases, text)
  return gone
}

/** @returns nothing when none of them stands there any longer */
async function textWithout(dataset: Dataset, belongs: (id: string) => boolean, path: string): Promise<string | undefined> {
  const { files } = dataset
  const kept = dataset.cases.filter(({ id }) => !belongs(id))
  if (kept.length === dataset.cases.length) return undefined
  if (isSuiteModule(files.cases))
    throw invalidDataset(path, ['its cases stand in a program: remove them there, then erase them here'])
  const read = caseReaders[extname(files.cases)]
  const text = await readFile(files.cases, 'utf8')
  const hasScorers = dataset.scorers.length > 0
  const removed = new Set<number>()
  for (const { lines, value } of read?.(text).records ?? []) {
    const parsed = parseCase(value, hasScorers)
    if ('cases' in parsed && parsed.cases.some(({ id }) => belongs(id)))
      for (let line = lines[0]; line <= lines[1]; line++) removed.add(line)
  }
  const rest = text
    .split('\n')
    .filter((_, at) => !removed.has(at + 1))
    .join('\n')
  const left = (read?.(rest).records ?? []).flatMap(({ value }) => {
    const parsed = parseCase(value, hasScorers)
    return 'cases' in parsed ? parsed.cases : []
  })
  // Several cases on one line, or a case spread in an unusual way: better nothing than the wrong lines.
  if (kept.length === 0 || hashCases(left) !== hashCases(kept))
    throw invalidDataset(path, ['the cases do not stand on lines of their own: remove them by hand, then erase them here'])
  return rest
}
