/** Reads the texts that a WordNet database holds: words, definitions, example sentences. Knows its file format; nothing of embeddings. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface WordNetTexts {
  /** Words and phrases that name something, such as `child care`. */
  readonly terms: readonly string[]
  readonly definitions: readonly string[]
  readonly examples: readonly string[]
}

/**
 * @param folder holds data.noun, data.verb, data.adj and data.adv (Debian's wordnet-base: /usr/share/wordnet)
 * @returns each text once, in file order
 */
export function readWordNet(folder: string): WordNetTexts {
  const terms = new Set<string>()
  const definitions = new Set<string>()
  const examples = new Set<string>()
  for (const part of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of readFileSync(join(folder, `data.${part}`), 'utf8').split('\n')) {
      // The licence stands first, indented by two blanks.
      if (line === '' || line.startsWith('  ')) continue
      const [fields = '', gloss = ''] = line.split(' | ')
      for (const term of termsOf(fields)) terms.add(term)
      for (const [, example = ''] of gloss.matchAll(/"([^"]+)"/g)) examples.add(example.trim())
      const definition = gloss
        .replace(/"[^"]*"/g, ' ')
        .replace(/[\s;:,]+$/, '')
        .replace(/\s*;(\s*;)*\s*/g, '; ')
        .trim()
      if (definition !== '') definitions.add(definition)
    }
  }
  return { terms: [...terms], definitions: [...definitions], examples: [...examples] }
}

/** Fields: offset, file, type, count of words in hexadecimal, then each word with its sense number. */
function termsOf(fields: string): readonly string[] {
  const [, , , count = '0', ...rest] = fields.split(' ')
  return Array.from({ length: Number.parseInt(count, 16) }, (_, index) => (rest[2 * index] ?? '').replace(/\([a-z]+\)$/, ''))
    .map((word) => word.replaceAll('_', ' '))
    .filter((word) => word !== '')
}
