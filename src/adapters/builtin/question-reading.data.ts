/** What questions expect as an answer, and words that say little about what is asked, by language. Data only. */
import type { AnswerKind } from './answer-kinds.ts'

/** First match wins within a group; all groups are tried. Patterns are case-insensitive and meant for the question. */
export const QUESTION_PATTERNS: readonly (readonly [pattern: string, kinds: readonly AnswerKind[]])[] = [
  // English
  [
    String.raw`\bhow (?:much|many) (?:\w+ ){0,2}(?:notice|time|leave|vacation|holiday|days?|weeks?|months?|hours?)\b`,
    ['duration', 'number'],
  ],
  [
    String.raw`\bhow much\b(?=.*\b(?:costs?|spend|pay|paid|earns?|charged?|price|rebate|discount|tax|interest)\b)`,
    ['money', 'percent'],
  ],
  [
    String.raw`\bhow much\b(?!.*\b(?:costs?|spend|pay|paid|earns?|charged?|price|rebate|discount|tax|interest|weighs?)\b)|\bwhat(?:'s| is| are| was)? (?:\w+ ){0,4}(?:budget|amount|allowance|bonus|rate|per diem|limit|cap|maximum|stipend|subsidy|contribution)\b`,
    ['money', 'percent', 'number'],
  ],
  [
    String.raw`\b(?:price|cost|costs|fee|salary|fine)\W*$|\bwhat (?:is|are|was) (?:\w+ ){0,3}(?:price|cost|fee|salary)\b|\bhow expensive\b`,
    ['money', 'percent'],
  ],
  [String.raw`\bhow many\b|(?<!phone |telephone )\bnumber of\b`, ['number']],
  [
    String.raw`\bhow (?:long|fast|quickly|soon|far in advance|old)\b|\bnotice period\b|\bhow far ahead\b`,
    ['duration', 'date', 'time', 'number'],
  ],
  [String.raw`\bhow (?:often|frequently|regularly)\b`, ['frequency']],
  [String.raw`\bhow (?:heavy|much (?:does|do|can|may) .*\bweigh)|\bweight of\b`, ['mass']],
  [String.raw`\bhow (?:far|big|large|high|tall|wide|deep|thick)\b`, ['length', 'number']],
  [String.raw`\bwhat (?:percentage|percent|share|proportion)\b`, ['percent', 'number']],
  [
    String.raw`\bwhat (?:is|are) (?:\w+ ){0,3}(?:hours|times?)\b|\bwhat time\b|\bat what hour\b|\bopening hours\b|\bwhat hours\b|\bwhich hours\b`,
    ['time', 'duration'],
  ],
  [
    String.raw`\bwhen\b|\b(?:what|which) (?:date|day|month|year|week|quarter)\b|\bdeadline\b|\bby what date\b|\bsince what\b|\bhow late\b`,
    ['date', 'time', 'duration', 'event'],
  ],
  [
    String.raw`^\W*(?:who|whom|whose)\b|\b(?:to|from|by|with) whom\b|\bwho(?:'s| is| does| do| can| must| should| has| approves)\b|\b(?:which|what) (?:person|team|department|manager|role)\b`,
    ['person', 'contact'],
  ],
  [
    String.raw`\bwhere\b|\b(?:which|what) (?:building|floor|room|office|city|country|address|site|location|place)\b|\bwhat page\b`,
    ['place', 'contact'],
  ],
  [
    String.raw`\b(?:phone|telephone|mobile|hotline|emergency)\b.{0,12}\bnumber\b|\bextension of\b|\b(?:what|which) extension\b|\bwhich number\b.{0,20}\b(?:call|dial|ring)\b|\b(?:telefonnummer|durchwahl|rufnummer|mailadresse)\b|\b(?:extensión|teléfono|correo electrónico) de\b|(?:電話番号|内線|メールアドレス)|\bwhat number\b.{0,20}\b(?:call|dial|ring)\b`,
    ['contact'],
  ],
  [String.raw`\b(?:street |postal |office )?address\b`, ['place', 'contact']],
  [String.raw`\be-?mail address\b|\bwhat (?:is the )?e-?mail\b`, ['contact']],
  [String.raw`\bwhy\b|\bfor what reason\b`, ['reason']],
  // German
  [
    String.raw`\bwie ?viele? (?:\w+ )?(?:tage|urlaubstage|wochen|monate|stunden|jahre)\b|\bwie ?viel (?:urlaub|zeit)\b`,
    ['duration', 'number'],
  ],
  [String.raw`\bwas kosten?t?\b|\bwie teuer\b`, ['money']],
  [String.raw`\bwie ?viel(?! uhr)\b(?!e)|\bwie hoch\b`, ['money', 'percent', 'number']],
  [String.raw`\bwie ?viele\b`, ['number']],
  [String.raw`\bwie lange?\b|\bwie schnell\b|\binnerhalb welcher\b`, ['duration', 'date', 'number']],
  [String.raw`\bwie oft\b|\bwie häufig\b`, ['frequency']],
  [String.raw`\bum wie ?viel uhr\b|\bwelche uhrzeit\b`, ['time']],
  [
    String.raw`(?<!\p{L})wann\b|\bbis wann\b|\bab wann\b|\bwelche[rmns]? (?:tag|datum|monat|jahr|frist)\b`,
    ['date', 'time', 'duration', 'event'],
  ],
  [String.raw`(?<!\p{L})we(?:r|m|n|ssen)\b`, ['person', 'contact']],
  [String.raw`(?<!\p{L})wo(?:hin|her)?\b`, ['place', 'contact']],
  [String.raw`(?<!\p{L})(?:warum|wieso|weshalb)\b`, ['reason']],
  // Spanish
  [String.raw`cuánt[oa]s (?:días|semanas|meses|horas|años)|cuánto (?:tiempo|dura)`, ['duration', 'number']],
  [String.raw`cuánto (?:cuesta|vale|pago|pagan|cobr)|qué precio`, ['money', 'percent']],
  [
    String.raw`cuánto(?! (?:cuesta|vale|pago|pagan|cobr))|qué (?:precio|importe|presupuesto|cantidad|coste|límite)`,
    ['money', 'percent', 'number'],
  ],
  [String.raw`cuánt[oa]s`, ['number']],
  [String.raw`cada cuánto|con qué frecuencia`, ['frequency']],
  [String.raw`a qué hora|qué horario`, ['time']],
  [String.raw`cuándo|qué (?:día|fecha|plazo)|hasta cuándo`, ['date', 'time', 'duration', 'event']],
  [String.raw`(?<!\p{L})quién(?:es)?`, ['person', 'contact']],
  [String.raw`dónde`, ['place', 'contact']],
  [String.raw`por qué`, ['reason']],
  // French
  [String.raw`combien de (?:jours|semaines|mois|temps|heures)`, ['duration', 'number']],
  [String.raw`combien`, ['money', 'number', 'percent']],
  [String.raw`(?<!\p{L})quand(?!\p{L})`, ['date', 'time', 'duration', 'event']],
  [String.raw`(?<!\p{L})qui(?!\p{L})`, ['person', 'contact']],
  // Japanese
  [String.raw`何日|何週間|何か月|何ヶ月|何カ月|何年間?|どのくらいの期間|何時間|いつまで`, ['duration', 'date', 'number']],
  [String.raw`いくら|何円|金額`, ['money', 'percent']],
  [String.raw`何人|何回|何個|いくつ|何名|何台`, ['number']],
  [String.raw`何時`, ['time']],
  [String.raw`いつ|何月何日`, ['date', 'time', 'duration', 'event']],
  [String.raw`誰|だれ|どなた`, ['person', 'contact']],
  [String.raw`どこ`, ['place', 'contact']],
  [String.raw`なぜ|どうして`, ['reason']],
]

/** Words of little weight: they shape questions rather than name a subject. */
export const VAGUE_WORDS: readonly string[] = [
  'not no never get have need want know tell say give take make do use go come see find look help happen work apply please like let mean seem try keep put allow can may must should would could will shall',
  'many much long often far soon late early exactly usually normally currently actually really still already ever else also just only even maximum general rule possible anything something anyone someone everything nothing anybody somebody',
  'cost costs price amount address phone number e-mail email expensive spend euro euros dollar dollars how-much percentage deadline date frequency duration reason',
  'company firm organisation organization business employer employee staff worker people person member colleague team thing way kind sort type case matter question answer information detail part place amount number total per',
  'policy policies rule rules guideline guidelines process procedure document handbook page section',
  'until till since than once advance ahead beforehand bring use using used exactly around current currently right able sure certain different same own main specific certain available correct',
  'bekommen haben brauchen wollen wissen sagen geben machen tun gehen kommen dürfen können müssen sollen werden gibt gilt gelten lang viel viele firma unternehmen mitarbeiter mitarbeitende regel regeln richtlinie person leute',
  'tener necesitar querer saber decir dar hacer ir poder deber haber hay puede puedo debe debo tengo tiene empresa compañía empleado persona gente regla política cuánto cuántos muchos mucho',
  'avoir être faire pouvoir devoir entreprise société employé personne combien',
  'する ある いる なる できる 会社 社員 場合 こと もの ため 何 どの いつ 誰 どこ 教える ください 方法 必要 どう いくら 何時 何日 何人 何回 何円 何年 何月 何か月 どこ だれ どなた どれ どの くらい ですか',
]

/** Common words of business: they name a subject, but many documents have them. */
export const COMMON_WORDS: readonly string[] = [
  'day week month year time hour date today tomorrow money pay paid limit budget approve approval request submit start end begin finish contact call office home site first last next before after during within without between start change book order buy send receive manager boss responsible include cover count year yearly annual monthly weekly daily',
  'tag tage woche monat jahr zeit stunde geld kosten preis bezahlen beginnen ende büro hause vor nach während',
  'día días semana mes año tiempo hora dinero coste precio pagar oficina casa antes después durante',
  '日 週 月 年 時間 費用 会社 申請 連絡 利用 使用',
]
