/** Which language a text is in. Knows scripts, stop words and n-grams; knows nothing of what is done with the answer. */
import { dominantScript, languagesOfScript, writesScript } from './script.ts'
import { languagesByStopWord, stopWordsOf } from './stop-words.ts'

interface NgramDetector {
  detect(text: string): { getScores(): Readonly<Record<string, number>> }
}

const SAMPLE_LENGTH = 600
/** What a text made of stop words of one language alone is worth beside the n-gram score, which lies in [0, 1]. */
const STOP_WORD_WEIGHT = 0.5
/** Languages with stop words are the usual ones; another must be clearly better. */
const RARE_LANGUAGE_PENALTY = 0.08
/** A smaller lead over the fallback decides nothing. */
const LEAST_LEAD = 0.03

let detector: NgramDetector | undefined

/** Loads the n-gram data (the smallest set of eld: 60 languages). Before it, detectLanguage uses scripts and stop words only. */
export async function loadLanguageDetector(): Promise<void> {
  if (detector) return
  const { eld } = await import('eld/extrasmall')
  eld.enableTextCleanup(true)
  detector = eld
}

/**
 * The language of a text as BCP-47 primary subtag. A script that one language uses decides by itself.
 * @param candidates when given, the answer is one of them
 * @returns candidates[0] ?? 'en' when the text is too short or the evidence too weak
 */
export function detectLanguage(text: string, candidates?: readonly string[]): string {
  const fallback = candidates?.[0] ?? 'en'
  if (candidates?.length === 1) return fallback
  const samples = samplesOf(text)
  const script = dominantScript(samples.join(' '))
  if (script === undefined) return fallback
  const pool = poolOf(script, candidates)
  if (pool !== undefined && pool.length <= 1) return pool[0] ?? fallback
  return bestOf(scoreLanguages(samples, script, pool), fallback)
}

/** Languages to choose from, or nothing where any language of the script may be meant. */
function poolOf(script: string, candidates: readonly string[] | undefined): readonly string[] | undefined {
  // Han without kana is Chinese, unless of the two only Japanese is a candidate.
  if (script === 'Hani' && (candidates?.includes('zh') ?? true)) return ['zh']
  return candidates ? candidates.filter((candidate) => writesScript(candidate, script)) : languagesBeside(script)
}

/** Latin has too many languages to name: any that the detector knows. */
function languagesBeside(script: string): readonly string[] | undefined {
  return script === 'Latn' ? undefined : languagesOfScript(script)
}

/** Beginning, middle and end: headings, code or a quotation at one place must not decide for a long text. */
function samplesOf(text: string): readonly string[] {
  if (text.length <= 3 * SAMPLE_LENGTH) return [text]
  return [0, 0.45, 0.8].map((share) => {
    const start = Math.floor(text.length * share)
    return text.slice(start, start + SAMPLE_LENGTH)
  })
}

function scoreLanguages(samples: readonly string[], script: string, pool: readonly string[] | undefined): Map<string, number> {
  const scores = new Map<string, number>()
  const add = (language: string, score: number) => {
    if (pool ? pool.includes(language) : writesScript(language, script))
      scores.set(language, (scores.get(language) ?? 0) + score / samples.length)
  }
  for (const sample of samples) {
    for (const [language, score] of Object.entries(detector?.detect(sample).getScores() ?? {}))
      add(language, score - (pool || stopWordsOf(language).size > 0 ? 0 : RARE_LANGUAGE_PENALTY))
    for (const [language, share] of stopWordShares(sample)) add(language, share * STOP_WORD_WEIGHT)
  }
  return scores
}

/** For each language the share of words that are its stop words, a word of several languages counting for each in part. */
function stopWordShares(sample: string): Map<string, number> {
  const words = sample.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []
  const shares = new Map<string, number>()
  for (const word of words) {
    const languages = languagesByStopWord().get(word) ?? []
    for (const language of languages) shares.set(language, (shares.get(language) ?? 0) + 1 / (languages.length * words.length))
  }
  return shares
}

function bestOf(scores: ReadonlyMap<string, number>, fallback: string): string {
  let best = fallback
  for (const [language, score] of scores) if (score > (scores.get(best) ?? 0)) best = language
  return (scores.get(best) ?? 0) - (scores.get(fallback) ?? 0) >= LEAST_LEAD ? best : fallback
}
