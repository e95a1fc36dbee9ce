/** Which documents a feature pins for a question. Knows when two questions are the same; knows nothing of who may read what. */
import type { DocumentId } from '../../../contracts/identity.ts'
import type { CuratedResult } from '../../../contracts/release.ts'
import { contentWords } from '../../../foundation/text/analysis.ts'
import { compileByLanguage } from './compile-by-language.ts'

/**
 * The documents pinned for a question that has the same words as a curated one: stop words, order, endings and punctuation
 * make no difference, any other word does.
 */
export function curatedDocuments(text: string, language: string, curated: readonly CuratedResult[]): readonly DocumentId[] {
  return curationOf(curated, language).get(wordsKey(text, language)) ?? []
}

const curationOf = compileByLanguage((curated: readonly CuratedResult[], language) => {
  const documents = new Map<string, readonly DocumentId[]>()
  for (const result of curated)
    for (const question of result.questions) {
      const key = wordsKey(question, language)
      documents.set(key, [...new Set([...(documents.get(key) ?? []), ...result.documents])])
    }
  return documents
})

function wordsKey(text: string, language: string): string {
  const words = contentWords(text, language)
  const telling = words.filter(({ stop }) => !stop)
  return [...new Set((telling.length > 0 ? telling : words).map(({ stem }) => stem))].sort().join(' ')
}
