/** By what a test of promptfoo is known again: the same in its configuration and in its results, so that both pair. Knows no file. */
import { canonicalJson, contentHash } from '../../foundation/hashing/content-hash.ts'
import type { PlainObject } from './files/fields.ts'

/** Members of a test's metadata by which people name it. */
export const promptfooIdMembers: readonly string[] = ['id', 'caseId', 'testId', 'testCaseId', 'case_id', 'test_id']

/** Without what promptfoo adds while it runs. */
export function promptfooVariables(vars: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(vars).filter(([name]) => !name.startsWith('_') && name !== 'sessionId'))
}

export interface PromptfooIdentity {
  readonly key: string
  /** Of variables and assertions; a key that stands for several of these says nothing alone. */
  readonly caseHash: string
}

export interface PromptfooTest {
  readonly description: string | undefined
  readonly metadata: PlainObject
  /** Cleaned by `promptfooVariables`. */
  readonly vars: PlainObject
  readonly assert: readonly unknown[]
  readonly threshold: number | undefined
}

/** An id of the metadata, else the description, else the variables; never the prompt. */
export function identifyPromptfooTest({ description, metadata, vars, assert, threshold }: PromptfooTest): PromptfooIdentity {
  const id = promptfooIdMembers.map((name) => metadata[name]).find((each) => typeof each === 'string' || typeof each === 'number')
  const name = id === undefined ? description : String(id)
  const asked = canonicalJson(vars)
  return {
    key: name === undefined || name.trim() === '' ? contentHash(asked) : name,
    caseHash: contentHash(asked, canonicalJson([assert, threshold ?? null])),
  }
}

/** @returns the name of each test: its key, with a part of the hash where other tests have the same key */
export function promptfooNames(tests: readonly PromptfooIdentity[]): (test: PromptfooIdentity) => string {
  const hashOf = new Map<string, string>()
  const ambiguous = new Set<string>()
  for (const { key, caseHash } of tests) {
    if ((hashOf.get(key) ?? caseHash) !== caseHash) ambiguous.add(key)
    hashOf.set(key, caseHash)
  }
  return ({ key, caseHash }) => (ambiguous.has(key) ? `${key}~${caseHash.slice(0, 8)}` : key)
}
