/** The lock beside a golden set: a salt and a commitment for each case, so that a text can be erased and the set still be verified. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { replaceDurably } from '../../../foundation/storage/durable-files.ts'
import { commitCase, hashCommitments } from './case-hash.ts'

const hex = z.string().regex(/^[0-9a-f]{32,64}$/)
const erasure = z.strictObject({ at: z.iso.datetime(), by: z.string(), why: z.string() })
const lockedCase = z.union([z.strictObject({ salt: hex, commitment: hex }), z.strictObject({ commitment: hex, erased: erasure })])
const lockSchema = z.strictObject({ format: z.literal(1), set: hex, cases: z.record(z.string(), lockedCase) })

export type Erasure = z.infer<typeof erasure>
export type LockedCase = z.infer<typeof lockedCase>
export type DatasetLock = z.infer<typeof lockSchema>

const SALT_BYTES = 16

/** @returns nothing when there is no lock @throws TouchstoneError DATASET_INVALID when it cannot be read */
export async function readLock(path: string): Promise<DatasetLock | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    return lockSchema.parse(JSON.parse(text))
  } catch (error) {
    const problems = `  the lock is damaged: ${messageOf(error)}`
    throw new TouchstoneError('DATASET_INVALID', { details: { path, count: 1, problems }, cause: error })
  }
}

/** @throws TouchstoneError DISK_FULL */
export function writeLock(path: string, lock: DatasetLock): Promise<void> {
  return replaceDurably(path, `${JSON.stringify(lock, null, 2)}\n`)
}

/** Cases keep the salt they have, so that an edit undone gives the same hash; erased ones stay as they are; those that went are left out. */
export function lockCases(
  cases: readonly EvaluationCase[],
  earlier: DatasetLock | undefined,
  randomBytes: (count: number) => Uint8Array,
): DatasetLock {
  const erased = Object.entries(earlier?.cases ?? {}).filter(([, each]) => 'erased' in each)
  const present = cases.map((testCase): [string, LockedCase] => {
    const salt = saltOf(earlier, testCase.id) ?? Buffer.from(randomBytes(SALT_BYTES)).toString('hex')
    return [testCase.id, { salt, commitment: commitCase(testCase, salt) }]
  })
  return sealLock(Object.fromEntries([...erased, ...present].sort(([left], [right]) => (left < right ? -1 : 1))))
}

/** Destroys the salts of cases: their commitments stay and tell nothing. @param ids stand in the lock */
export function eraseFromLock(lock: DatasetLock, ids: readonly string[], erased: Erasure): DatasetLock {
  const entries = Object.entries(lock.cases).map(([id, each]): [string, LockedCase] =>
    ids.includes(id) && 'salt' in each ? [id, { commitment: each.commitment, erased }] : [id, each],
  )
  return sealLock(Object.fromEntries(entries))
}

export function saltOf(lock: DatasetLock | undefined, id: string): string | undefined {
  const locked = lock !== undefined && Object.hasOwn(lock.cases, id) ? lock.cases[id] : undefined
  return locked !== undefined && 'salt' in locked ? locked.salt : undefined
}

/** In what the cases differ from their lock, one line each; empty when the set is the one that was locked. */
export function verifyLock(lock: DatasetLock, cases: readonly EvaluationCase[]): readonly string[] {
  const byId = new Map(cases.map((testCase) => [testCase.id, testCase]))
  const problems = Object.entries(lock.cases).flatMap(([id, locked]) => {
    const present = byId.get(id)
    if ('erased' in locked) return present === undefined ? [] : [`case ${id}: was erased, and stands there again`]
    if (present === undefined) return [`case ${id}: stands in the lock and not in the set`]
    return commitCase(present, locked.salt) === locked.commitment ? [] : [`case ${id}: was changed since it was locked`]
  })
  const added = cases.filter(({ id }) => !Object.hasOwn(lock.cases, id)).map(({ id }) => `case ${id}: is not in the lock yet`)
  const set = hashCommitments(commitmentsOf(lock.cases))
  return [...problems, ...added, ...(set === lock.set ? [] : ['the lock was edited: its entries do not give its hash'])]
}

function sealLock(cases: DatasetLock['cases']): DatasetLock {
  return { format: 1, set: hashCommitments(commitmentsOf(cases)), cases }
}

function commitmentsOf(cases: DatasetLock['cases']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(cases).map(([id, { commitment }]) => [id, commitment]))
}
