import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { detectLanguage, loadLanguageDetector } from './language.ts'

const questions: Readonly<Record<string, readonly string[]>> = {
  en: [
    'How many vacation days do I get?',
    'Who approves travel expenses over 500?',
    'parental leave policy',
    'What is the per diem for Berlin?',
    'Can I work from abroad?',
    'reset my VPN password',
    'How do I report a security incident?',
    'When are salaries paid?',
    'laptop replacement cycle',
    'Is remote work allowed on Fridays?',
    'Where is the emergency exit in Lisbon?',
    'travel policy hotel limit',
    'What does the handbook say about gifts',
    'onboarding checklist for new engineers',
    'sick note after how many days',
  ],
  de: [
    'Wie viele Urlaubstage habe ich?',
    'Wer genehmigt Dienstreisen über 500 Euro?',
    'Regelung zur Elternzeit',
    'Wie hoch ist das Tagegeld in Berlin?',
    'Darf ich im Ausland arbeiten?',
    'VPN Passwort zurücksetzen',
    'Wie melde ich einen Sicherheitsvorfall?',
    'Wann wird das Gehalt gezahlt?',
    'Laptop Austausch nach Jahren',
    'Ist Homeoffice freitags erlaubt?',
    'Kündigungsfrist Probezeit',
    'Gibt es einen Zuschuss zum Mittagessen?',
    'Krankmeldung ab welchem Tag',
    'Was steht im Handbuch zu Geschenken',
    'Checkliste für neue Mitarbeiter',
  ],
  es: [
    '¿Cuántos días de vacaciones tengo?',
    '¿Quién aprueba los gastos de viaje?',
    'política de permiso parental',
    '¿Cuál es la dieta diaria para Berlín?',
    '¿Puedo trabajar desde el extranjero?',
    'restablecer contraseña VPN',
    'Cómo informo de un incidente de seguridad',
    'Cuando se paga la nómina',
    'renovación del portátil',
    '¿Se permite teletrabajar los viernes?',
    'plazo de preaviso',
    'Dónde está la salida de emergencia',
    'lista de incorporación para nuevos ingenieros',
    'qué dice el manual sobre los regalos',
    'baja por enfermedad cuantos dias',
  ],
  fr: [
    'Combien de jours de congé ai-je ?',
    'Qui approuve les frais de voyage ?',
    'politique de congé parental',
    'Quelle est l’indemnité journalière à Berlin ?',
    'Puis-je travailler depuis l’étranger ?',
    'réinitialiser mot de passe VPN',
    'Comment signaler un incident de sécurité ?',
    'Quand le salaire est-il versé ?',
    'remplacement ordinateur portable',
    'Le télétravail est-il autorisé le vendredi ?',
    'délai de préavis',
    'Où se trouve la sortie de secours',
    'liste pour les nouveaux ingénieurs',
    'que dit le manuel sur les cadeaux',
    'arrêt maladie combien de jours',
  ],
  nl: [
    'Hoeveel vakantiedagen krijg ik?',
    'Wie keurt reiskosten goed?',
    'beleid ouderschapsverlof',
    'Wat is de dagvergoeding voor Berlijn?',
    'Mag ik vanuit het buitenland werken?',
    'VPN wachtwoord opnieuw instellen',
    'Hoe meld ik een beveiligingsincident?',
    'Wanneer wordt het salaris betaald?',
    'laptop vervangen na jaren',
    'Is thuiswerken op vrijdag toegestaan?',
    'opzegtermijn proeftijd',
    'Waar is de nooduitgang',
    'checklist voor nieuwe medewerkers',
    'wat zegt het handboek over geschenken',
    'ziekmelding na hoeveel dagen',
  ],
  it: [
    'Quanti giorni di ferie ho?',
    'Chi approva le spese di viaggio?',
    'politica del congedo parentale',
    'Qual è la diaria per Berlino?',
    'Posso lavorare dall’estero?',
    'reimpostare password VPN',
    'Come segnalo un incidente di sicurezza?',
    'Quando viene pagato lo stipendio?',
    'sostituzione del portatile',
    'Il lavoro da remoto è permesso il venerdì?',
    'periodo di preavviso',
    'Dove si trova l’uscita di emergenza',
    'lista per i nuovi ingegneri',
    'cosa dice il manuale sui regali',
    'certificato di malattia dopo quanti giorni',
  ],
  pt: [
    'Quantos dias de férias tenho?',
    'Quem aprova as despesas de viagem?',
    'política de licença parental',
    'Qual é a ajuda de custo para Berlim?',
    'Posso trabalhar do exterior?',
    'redefinir senha VPN',
    'Como reporto um incidente de segurança?',
    'Quando o salário é pago?',
    'substituição do notebook',
    'O trabalho remoto é permitido às sextas?',
    'prazo de aviso prévio',
    'Onde fica a saída de emergência',
    'lista para novos engenheiros',
    'o que diz o manual sobre presentes',
    'atestado médico depois de quantos dias',
  ],
}

const scripts = [
  ['ja', '年次有給休暇はどのように申請しますか'],
  ['ja', 'VPNパスワードのリセット方法'],
  ['zh', '如何申请年假'],
  ['ko', '연차 휴가는 며칠인가요'],
  ['th', 'ลาพักร้อนได้กี่วัน'],
  ['hi', 'मुझे कितनी छुट्टियाँ मिलती हैं'],
  ['ar', 'كم عدد أيام الإجازة'],
  ['ru', 'сколько дней отпуска у меня есть'],
  ['el', 'πόσες ημέρες άδειας έχω'],
  ['he', 'כמה ימי חופשה יש לי'],
] as const

test('a script that one language uses decides without any data [A8]', () => {
  for (const [language, text] of scripts) assert.equal(detectLanguage(text), language, text)
})

test('stop words alone tell whole questions apart', () => {
  assert.equal(detectLanguage('Wie viele Urlaubstage habe ich?', ['en', 'de']), 'de')
  assert.equal(detectLanguage('¿Cuántos días de vacaciones tengo?'), 'es')
})

test('too little evidence gives the first candidate, else English', () => {
  for (const text of ['', '   ', '42', '😀 !!', 'x']) {
    assert.equal(detectLanguage(text), 'en', text)
    assert.equal(detectLanguage(text, ['de', 'en']), 'de', text)
  }
  assert.equal(detectLanguage('年次有給休暇の申請', ['de', 'en']), 'de')
  assert.equal(detectLanguage('規程', ['en', 'ja']), 'ja')
})

test('with its data the detector knows short questions and phrases [A8]', async (suite) => {
  await loadLanguageDetector()
  const candidates = Object.keys(questions)
  const rows = Object.entries(questions).flatMap(([language, texts]) => texts.map((text) => [language, text] as const))
  for (const given of [candidates, undefined]) {
    const wrong = rows.filter(([language, text]) => detectLanguage(text, given) !== language)
    suite.diagnostic(`${rows.length - wrong.length} of ${rows.length} right`)
    assert.ok(wrong.length <= rows.length * 0.03, JSON.stringify(wrong))
  }
  for (const [language, text] of scripts) assert.equal(detectLanguage(text), language, text)
})

test('long texts are judged by more than their beginning', async () => {
  await loadLanguageDetector()
  const german = 'Die Mitarbeiter beantragen den Urlaub bei der Führungskraft. '.repeat(60)
  assert.equal(detectLanguage(`How to use this page and what it is for. ${german}`), 'de')
})

test('never throws, and answers one of the candidates', async () => {
  await loadLanguageDetector()
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.subarray(['en', 'de', 'ja', 'zz'], { minLength: 1 }), (text, candidates) => {
      assert.ok(candidates.includes(detectLanguage(text, candidates)))
      assert.equal(typeof detectLanguage(text), 'string')
    }),
  )
})
