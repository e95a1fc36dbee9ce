/** Which writing system a text uses and which languages use it. Knows Unicode scripts; knows nothing of words. */

/** ISO 15924; Japanese is a script of its own here, because kana decide between it and Chinese. */
export type Script = string

const SCRIPT_LANGUAGES = {
  Latn: ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt', 'sv', 'da', 'no', 'fi', 'pl', 'cs', 'ro', 'hu', 'tr', 'ca', 'vi'],
  Cyrl: ['ru', 'uk', 'bg', 'sr', 'be'],
  Arab: ['ar', 'fa', 'ur'],
  Deva: ['hi', 'mr', 'ne'],
  Jpan: ['ja'],
  Hani: ['zh', 'ja'],
  Hang: ['ko'],
  Thai: ['th'],
  Laoo: ['lo'],
  Khmr: ['km'],
  Mymr: ['my'],
  Grek: ['el'],
  Hebr: ['he'],
  Armn: ['hy'],
  Geor: ['ka'],
  Beng: ['bn'],
  Guru: ['pa'],
  Gujr: ['gu'],
  Orya: ['or'],
  Taml: ['ta'],
  Telu: ['te'],
  Knda: ['kn'],
  Mlym: ['ml'],
  Sinh: ['si'],
  Ethi: ['am'],
} as const satisfies Record<Script, readonly string[]>

/** Tells scripts apart in one pass; Han and kana count threefold, since one of their characters says as much as three letters. */
const LETTER = new RegExp(
  [
    'Latin',
    'Cyrillic',
    'Arabic',
    'Devanagari',
    'Hiragana',
    'Katakana',
    'Han',
    'Hangul',
    'Thai',
    'Lao',
    'Khmer',
    'Myanmar',
    'Greek',
    'Hebrew',
    'Armenian',
    'Georgian',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Oriya',
    'Tamil',
    'Telugu',
    'Kannada',
    'Malayalam',
    'Sinhala',
    'Ethiopic',
  ]
    .map((name) => `(?<${name}>\\p{Script=${name}}+)`)
    .join('|'),
  'gu',
)
const SCRIPT_OF_NAME: Readonly<Record<string, Script>> = {
  Latin: 'Latn',
  Cyrillic: 'Cyrl',
  Arabic: 'Arab',
  Devanagari: 'Deva',
  Hiragana: 'Kana',
  Katakana: 'Kana',
  Han: 'Hani',
  Hangul: 'Hang',
  Thai: 'Thai',
  Lao: 'Laoo',
  Khmer: 'Khmr',
  Myanmar: 'Mymr',
  Greek: 'Grek',
  Hebrew: 'Hebr',
  Armenian: 'Armn',
  Georgian: 'Geor',
  Bengali: 'Beng',
  Gurmukhi: 'Guru',
  Gujarati: 'Gujr',
  Oriya: 'Orya',
  Tamil: 'Taml',
  Telugu: 'Telu',
  Kannada: 'Knda',
  Malayalam: 'Mlym',
  Sinhala: 'Sinh',
  Ethiopic: 'Ethi',
}
const SCRIPT_OF_LANGUAGE = new Map<string, Script>(
  Object.entries(SCRIPT_LANGUAGES).flatMap(([script, languages]) => languages.map((language) => [language, script] as const)),
).set('ja', 'Jpan')

/** Languages with the script, commonest first; empty for a script that is not known. */
export function languagesOfScript(script: Script): readonly string[] {
  return SCRIPT_LANGUAGES[script as keyof typeof SCRIPT_LANGUAGES] ?? []
}

/** The script a language is written in; Latin when it is not known. */
export function scriptOfLanguage(language: string): Script {
  return SCRIPT_OF_LANGUAGE.get(language) ?? 'Latn'
}

/** Whether a language is written in a script; a language that is not known is taken to be written in Latin letters. */
export function writesScript(language: string, script: Script): boolean {
  return scriptOfLanguage(language) === script || languagesOfScript(script).includes(language)
}

/** The script with the most letters, or nothing when there is no letter. */
export function dominantScript(text: string): Script | undefined {
  const counts = new Map<Script, number>()
  for (const { groups, 0: run } of text.matchAll(LETTER)) {
    const name = Object.keys(groups ?? {}).find((key) => groups?.[key] !== undefined) ?? 'Latin'
    const script = SCRIPT_OF_NAME[name] ?? 'Latn'
    counts.set(script, (counts.get(script) ?? 0) + run.length * (script === 'Kana' || script === 'Hani' ? 3 : 1))
  }
  const kana = counts.get('Kana') ?? 0
  const han = counts.get('Hani') ?? 0
  counts.delete('Kana')
  // Japanese has kana in nearly every phrase; Chinese at most in a quoted name.
  if (kana > 0 && kana * 20 >= han) {
    counts.delete('Hani')
    counts.set('Jpan', kana + han)
  }
  let best: Script | undefined
  for (const [script, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = script
  return best
}
