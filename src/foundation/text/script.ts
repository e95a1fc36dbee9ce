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

/** Blocks of letters by their first code unit, ascending, each up to the next; an empty script holds signs only. */
const BLOCKS: readonly (readonly [number, Script])[] = [
  ...([
    [0x00, ''],
    [0x41, 'Latn'],
    [0x5b, ''],
    [0x61, 'Latn'],
    [0x7b, ''],
    [0xc0, 'Latn'],
    [0x2b0, ''],
  ] as const),
  ...([
    [0x370, 'Grek'],
    [0x400, 'Cyrl'],
    [0x530, 'Armn'],
    [0x590, 'Hebr'],
    [0x600, 'Arab'],
    [0x700, ''],
  ] as const),
  ...([
    [0x750, 'Arab'],
    [0x780, ''],
    [0x8a0, 'Arab'],
    [0x900, 'Deva'],
    [0x980, 'Beng'],
    [0xa00, 'Guru'],
    [0xa80, 'Gujr'],
  ] as const),
  ...([
    [0xb00, 'Orya'],
    [0xb80, 'Taml'],
    [0xc00, 'Telu'],
    [0xc80, 'Knda'],
    [0xd00, 'Mlym'],
    [0xd80, 'Sinh'],
  ] as const),
  ...([
    [0xe00, 'Thai'],
    [0xe80, 'Laoo'],
    [0xf00, ''],
    [0x1000, 'Mymr'],
    [0x10a0, 'Geor'],
    [0x1100, 'Hang'],
  ] as const),
  ...([
    [0x1200, 'Ethi'],
    [0x13a0, ''],
    [0x1780, 'Khmr'],
    [0x1800, ''],
    [0x1c80, 'Cyrl'],
    [0x1c90, 'Geor'],
    [0x1cc0, ''],
  ] as const),
  ...([
    [0x1e00, 'Latn'],
    [0x1f00, 'Grek'],
    [0x2000, ''],
    [0x2e80, 'Hani'],
    [0x3000, ''],
    [0x3041, 'Kana'],
    [0x3100, ''],
  ] as const),
  ...([
    [0x3131, 'Hang'],
    [0x3190, ''],
    [0x31f0, 'Kana'],
    [0x3200, ''],
    [0x3400, 'Hani'],
    [0xa000, ''],
  ] as const),
  ...([
    [0xac00, 'Hang'],
    [0xd7b0, ''],
    [0xf900, 'Hani'],
    [0xfb00, 'Latn'],
    [0xfb13, 'Armn'],
    [0xfb1d, 'Hebr'],
  ] as const),
  ...([
    [0xfb50, 'Arab'],
    [0xfe00, ''],
    [0xfe70, 'Arab'],
    [0xfeff, ''],
    [0xff21, 'Latn'],
    [0xff3b, ''],
    [0xff41, 'Latn'],
  ] as const),
  ...([
    [0xff5b, ''],
    [0xff66, 'Kana'],
    [0xffa0, 'Hang'],
    [0xffdd, ''],
  ] as const),
]
const BLOCK_STARTS = Uint16Array.from(BLOCKS, ([start]) => start)
/** One character of Han or kana says as much as three letters. */
const WEIGHTS: Readonly<Record<Script, number>> = { Kana: 3, Hani: 3 }
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
  for (let index = 0; index < text.length; index++) {
    const script = scriptOfUnit(text.charCodeAt(index))
    if (script !== '') counts.set(script, (counts.get(script) ?? 0) + (WEIGHTS[script] ?? 1))
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

function scriptOfUnit(unit: number): Script {
  let low = 0
  let high = BLOCK_STARTS.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((BLOCK_STARTS[middle] ?? 0) <= unit) low = middle
    else high = middle
  }
  return BLOCKS[low]?.[1] ?? ''
}
