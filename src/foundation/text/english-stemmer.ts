/**
 * The English stemmer of Snowball 3 ("Porter2"). Knows English endings only. Ours, because the package's English stemmer is the older
 * Porter algorithm with a defect (`connection` -> `connec`, which no longer meets `connect`).
 * Source: https://snowballstem.org/algorithms/english/stemmer.html, whose names for steps and regions are used here.
 */

const WHOLE_WORDS: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ skis: 'ski', skies: 'sky', dying: 'die', lying: 'lie', tying: 'tie', idly: 'idl', gently: 'gentl' }),
  ...Object.entries({ ugly: 'ugli', early: 'earli', only: 'onli', singly: 'singl' }),
  ...['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map((word) => [word, word] as const),
])
const DONE_AFTER_PLURAL = new Set([
  'inning',
  'outing',
  'canning',
  'herring',
  'earring',
  'evening',
  'proceed',
  'exceed',
  'succeed',
])

/** Longest first, so that the first that fits is the one that counts. */
const STEP_2 =
  endings(`ization:ize ational:ate fulness:ful ousness:ous iveness:ive tional:tion biliti:ble lessli:less entli:ent ation:ate
  alism:al aliti:al ousli:ous iviti:ive fulli:ful enci:ence anci:ance abli:able izer:ize ator:ate alli:al ogist:og bli:ble ogi:og li:`)
const STEP_3 = endings('ational:ate tional:tion alize:al icate:ic iciti:ic ative: ical:ic ness: ful:')
const STEP_4 = endings('ement: ance: ence: able: ible: ment: ant: ent: ism: ate: iti: ous: ive: ize: ion: al: er: ic:')

/** @param word lower case; characters other than a-z count as consonants */
export function stemEnglishWord(word: string): string {
  if (word.length < 3) return word
  const whole = WHOLE_WORDS.get(word)
  if (whole !== undefined) return whole
  // A y that opens a word or follows a vowel is a consonant, marked by its capital.
  const marked = word.replace(/^y|(?<=[aeiouy])y/g, 'Y').replace(/^'/, '')
  const r1 =
    /^(?:gener|commun|arsen|past|univers|later|emerg|organ|inter)/.exec(marked)?.[0].length ?? vowelAndConsonant(marked, 0)
  const r2 = vowelAndConsonant(marked, r1)
  const singular = withoutPlural(marked.replace(/'(?:s'?)?$/, ''))
  if (DONE_AFTER_PLURAL.has(singular)) return singular
  let stem = withFinalI(withoutVerbEnding(singular, r1))
  stem = withoutSuffix(stem, r1, r2)
  return withoutFinalLetter(stem, r1, r2).toLowerCase()
}

function endings(list: string): readonly (readonly [string, string])[] {
  return list.split(/\s+/).map((entry) => {
    const [ending = '', replacement = ''] = entry.split(':')
    return [ending, replacement] as const
  })
}

/** Where the part begins that follows the first consonant after a vowel, counted from `from`. */
function vowelAndConsonant(word: string, from: number): number {
  const found = /[aeiouy][^aeiouy]/.exec(word.slice(from))
  return found ? from + found.index + 2 : word.length
}

function endsInShortSyllable(word: string): boolean {
  return /[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word) || word === 'past'
}

/** Step 1a. */
function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2)
  if (/ie[ds]$/.test(word)) return word.length > 4 ? word.slice(0, -2) : word.slice(0, -1)
  if (/(?:us|ss)$/.test(word)) return word
  return word.endsWith('s') && /[aeiouy]/.test(word.slice(0, -2)) ? word.slice(0, -1) : word
}

/** Step 1b. */
function withoutVerbEnding(word: string, r1: number): string {
  const agreed = /eed(?:ly)?$/.exec(word)
  if (agreed) return agreed.index >= r1 ? word.slice(0, agreed.index + 2) : word
  const verb = /(?:ed|edly|ing|ingly)$/.exec(word)
  if (!verb) return word
  const stem = word.slice(0, verb.index)
  if (!/[aeiouy]/.test(stem)) return word
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`
  if (/^[aeo](?:dd|ff|gg)$/.test(stem)) return stem
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) return stem.slice(0, -1)
  return r1 >= stem.length && endsInShortSyllable(stem) ? `${stem}e` : stem
}

/** Step 1c. */
function withFinalI(word: string): string {
  return /.[^aeiouy][yY]$/.test(word) ? `${word.slice(0, -1)}i` : word
}

/** Steps 2, 3 and 4. */
function withoutSuffix(word: string, r1: number, r2: number): string {
  let stem = word
  const second = STEP_2.find(([ending]) => stem.endsWith(ending))
  if (second && stem.length - second[0].length >= r1 && mayGo(stem, second[0])) stem = replaceEnding(stem, second)
  const third = STEP_3.find(([ending]) => stem.endsWith(ending))
  if (third && stem.length - third[0].length >= (third[0] === 'ative' ? r2 : r1)) stem = replaceEnding(stem, third)
  const fourth = STEP_4.find(([ending]) => stem.endsWith(ending))
  if (fourth && stem.length - fourth[0].length >= r2 && mayGo(stem, fourth[0])) stem = replaceEnding(stem, fourth)
  return stem
}

function mayGo(word: string, ending: string): boolean {
  const before = word.charAt(word.length - ending.length - 1)
  if (ending === 'ogi') return before === 'l'
  if (ending === 'li') return 'cdeghkmnrt'.includes(before)
  return ending !== 'ion' || before === 's' || before === 't'
}

function replaceEnding(word: string, [ending, replacement]: readonly [string, string]): string {
  return word.slice(0, word.length - ending.length) + replacement
}

/** Step 5. */
function withoutFinalLetter(word: string, r1: number, r2: number): string {
  const stem = word.slice(0, -1)
  if (word.endsWith('e')) return stem.length >= r2 || (stem.length >= r1 && !endsInShortSyllable(stem)) ? stem : word
  return word.endsWith('ll') && stem.length >= r2 ? stem : word
}
