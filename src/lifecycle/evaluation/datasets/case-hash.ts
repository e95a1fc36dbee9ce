/** What names a case and a set of cases by content. Knows hashes; knows nothing of files. */
import { createHmac } from 'node:crypto'
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { canonicalJson, contentHash } from '../../../foundation/hashing/content-hash.ts'

/**
 * Of what is asked and expected, not of labels: a case in another slice is still the same case. Goes into records of runs.
 * @param salt the case's own, where its set has a lock: then the hash tells nothing of the text to whoever lacks the salt
 */
export function caseHash(testCase: EvaluationCase, salt?: string): string {
  const { id: _id, slice: _slice, document: _document, cluster: _cluster, ...asked } = testCase
  return salt === undefined ? contentHash(canonicalJson(asked)) : keyedHash(salt, canonicalJson(asked))
}

/** Binds the whole case, labels included, without telling it: HMAC-SHA-256 under the salt, as a commitment is made. */
export function commitCase(testCase: EvaluationCase, salt: string): string {
  return keyedHash(salt, `commitment ${canonicalJson(testCase)}`)
}

/** Equal cases in any order and any format have equal versions. */
export function hashCases(cases: readonly EvaluationCase[]): string {
  return contentHash(canonicalJson(cases.toSorted((left, right) => (left.id < right.id ? -1 : 1))))
}

/** The version of a set with a lock: over the commitments alone, so that it stays when a text is gone. @param commitments by id */
export function hashCommitments(commitments: Readonly<Record<string, string>>): string {
  return contentHash(canonicalJson(commitments))
}

function keyedHash(salt: string, text: string): string {
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(text).digest('hex').slice(0, 32)
}
