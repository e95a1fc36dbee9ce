/** Each feature's synonyms, from the configuration or the file that it names. Every wrong line is told. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { SynonymRule } from '../contracts/release.ts'
import { messageOf } from '../foundation/errors/touchstone-error.ts'
import { parseSynonyms } from '../knowledge/retrieval/query/synonym-rules.ts'
import type { ResolvedConfig } from './config.ts'

export interface FeatureSynonyms {
  readonly rules: Readonly<Record<string, readonly SynonymRule[]>>
  readonly problems: readonly string[]
}

export async function readSynonyms(features: ResolvedConfig['features'], baseDirectory: string): Promise<FeatureSynonyms> {
  const rules: Record<string, readonly SynonymRule[]> = {}
  const problems: string[] = []
  for (const [feature, { synonyms }] of Object.entries(features)) {
    const setting = `features.${feature}.synonyms`
    try {
      const parsed = parseSynonyms(typeof synonyms === 'string' ? await linesOf(resolve(baseDirectory, synonyms)) : synonyms)
      rules[feature] = parsed.rules
      const place = typeof synonyms === 'string' ? `${setting}, ${synonyms}` : setting
      problems.push(...parsed.problems.map(({ line, message }) => `${place} line ${line}: ${message}`))
    } catch (error) {
      problems.push(`${setting}: ${messageOf(error)}`)
    }
  }
  return { rules, problems }
}

async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8')
  return text.replace(/^\uFEFF/u, '').split(/\r\n|\n|\r/u)
}
