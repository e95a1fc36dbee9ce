/** Words that carry facts, by language: months, units, numbers, negations. Data only; lower case, matched whole. */

/** Month names and their common abbreviations -> 1..12. English, German, Spanish, French, Italian, Portuguese, Dutch. */
export const MONTHS: Readonly<Record<string, number>> = {
  ...numbered('january february march april may june july august september october november december'),
  ...numbered('jan feb mar apr may jun jul aug sep oct nov dec'),
  sept: 9,
  ...numbered('januar februar märz april mai juni juli august september oktober november dezember'),
  jänner: 1,
  mär: 3,
  okt: 10,
  dez: 12,
  ...numbered('enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'),
  setiembre: 9,
  ...numbered('janvier février mars avril mai juin juillet août septembre octobre novembre décembre'),
  ...numbered('gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'),
  ...numbered('janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro'),
  ...numbered('januari februari maart april mei juni juli augustus september oktober november december'),
}

/** Units as written -> one spelling each. */
export const UNITS: Readonly<Record<string, string>> = {
  ...unit('eur', '€ eur euro euros'),
  ...unit('usd', '$ usd dollar dollars dólar dólares us-dollar'),
  ...unit('gbp', '£ gbp pound pounds pfund libras'),
  ...unit('jpy', '¥ jpy yen 円'),
  ...unit('chf', 'chf franken francs'),
  ...unit('percent', '% percent per-cent prozent ciento pourcent パーセント'),
  ...unit('second', 'second seconds sec secs sekunde sekunden segundo segundos seconde secondes 秒'),
  ...unit('minute', 'minute minutes min mins minuten minuto minutos 分'),
  ...unit('hour', 'hour hours hr hrs h stunde stunden hora horas heure heures 時間'),
  ...unit('day', 'day days tag tage tagen día días dia dias jour jours 日 日間'),
  ...unit('working-day', 'workday workdays arbeitstag arbeitstage arbeitstagen werktag werktage werktagen 営業日'),
  ...unit('week', 'week weeks woche wochen semana semanas semaine semaines 週 週間'),
  ...unit('month', 'month months monat monate monaten mes meses mois か月 ヶ月 カ月 ヵ月 月'),
  ...unit('year', 'year years jahr jahre jahren año años an ans 年 年間'),
  ...unit('metre', 'm metre metres meter meters metern metro metros mètre mètres メートル'),
  ...unit('kilometre', 'km kilometre kilometres kilometer kilometers kilometern kilómetro kilómetros kilomètre kilomètres キロ'),
  ...unit('kilogram', 'kg kilo kilos kilogram kilograms kilogramm'),
  ...unit('megabyte', 'mb megabyte megabytes'),
  ...unit('gigabyte', 'gb gigabyte gigabytes'),
  ...unit('person', 'people persons person personen personas personnes 人 名'),
  ...unit('times', 'times mal veces fois 回'),
  ...unit('degree', '°c degrees grad grados'),
}

/** Number words by language, from two on; "one" is an article or a pronoun too often to be a fact. */
export const NUMBER_WORDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  en: {
    ...counted(2, 'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'),
    eighteen: 18,
    twenty: 20,
    thirty: 30,
    forty: 40,
    fifty: 50,
    sixty: 60,
    ninety: 90,
    hundred: 100,
  },
  de: {
    ...counted(2, 'zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn'),
    achtzehn: 18,
    zwanzig: 20,
    dreißig: 30,
    vierzig: 40,
    fünfzig: 50,
    sechzig: 60,
    neunzig: 90,
    hundert: 100,
  },
  es: {
    ...counted(2, 'dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis'),
    dieciocho: 18,
    veinte: 20,
    treinta: 30,
    cuarenta: 40,
    cincuenta: 50,
    sesenta: 60,
    noventa: 90,
    cien: 100,
  },
  fr: {
    ...counted(2, 'deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'),
    vingt: 20,
    trente: 30,
    quarante: 40,
    cinquante: 50,
    soixante: 60,
    cent: 100,
  },
}

/** Words that turn a statement round, whichever language it is in. `n't` is found by its ending. Left out: fr "personne", it "mai". */
export const NEGATIONS: ReadonlySet<string> = new Set(
  [
    'not no never none nobody nothing neither nor cannot without unless except prohibited forbidden',
    'nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne außer verboten untersagt',
    'no nunca jamás nadie nada ningún ninguna ninguno ni sin excepto salvo tampoco prohibido prohibida',
    'ne pas jamais aucun aucune rien ni sans sauf interdit interdite',
    'non nessuno nessuna senza não sem niet geen nooit zonder',
  ]
    .join(' ')
    .split(' '),
)

/** Japanese and Chinese write negation inside words. */
export const WIDE_NEGATION =
  /ません|ない(?!と|で(?:も)?き)|なく|なかった|なし(?!と)|ず(?:に|、|。)|不可|不要|禁止|無効|対象外|未(?:満)?|不(?:是|能|得)|没有|禁/u

function numbered(names: string): Record<string, number> {
  return Object.fromEntries(names.split(' ').map((name, index) => [name, index + 1]))
}
function counted(from: number, names: string): Record<string, number> {
  return Object.fromEntries(names.split(' ').map((name, index) => [name, from + index]))
}
function unit(canonical: string, spellings: string): Record<string, string> {
  return Object.fromEntries(spellings.split(' ').map((spelling) => [spelling, canonical]))
}
