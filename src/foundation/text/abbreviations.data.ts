/** Abbreviations that end in a full stop, without it, in lower case. */

/** Something always follows: the full stop after them never ends a sentence. */
export const LEADING_ABBREVIATIONS: Readonly<Record<string, string>> = {
  general: 'dr prof mr mrs ms st vs cf e.g i.e fig figs eq resp ca al',
  en: 'messrs gen col maj capt lt sgt gov sen rep rev hon pres supt approx dept est min max viz assn ave blvd incl excl tel ext',
  de: 'z.b d.h u.a u.ä o.ä i.d.r s.o s.u v.a z.t zzgl bzw ggf evtl inkl exkl vgl bspw sog insb nr abs art kap str tel hr fr ing dipl max min mind ca geb verm ebd',
  es: 'sr sra srta dra p.ej ej pág págs art núm aprox tel av avda dpto ud uds vol cap prof lic ing',
  fr: 'mme mlle mm m p.ex ex art env av bd tél chap éd vol réf cf',
  it: 'sig sig.ra sigg dott dott.ssa ing avv art pag pagg tel es p.es cap vol n',
  nl: 'dhr mevr mw drs ir mr bijv bv d.w.z m.b.t o.a t.a.v i.v.m a.u.b art blz nr tel ca incl excl',
  pt: 'sr sra srta dra p.ex ex pág págs art núm aprox tel av depto vol cap eng',
  sv: 't.ex bl.a d.v.s s.k f.d m.a.o kl nr ca resp st tel',
  da: 'f.eks bl.a d.v.s ca nr kl tel hr fr st stk',
  no: 'f.eks bl.a d.v.s ca nr kl tel hr fr st',
  fi: 'esim ks mm ns nk puh klo n',
  ru: 'т.е т.д т.п т.к г ул стр рис см им',
}

/** Something may follow: the sentence ends when a usual first word comes next. */
export const CLOSING_ABBREVIATIONS: Readonly<Record<string, string>> = {
  general: 'etc inc ltd co corp llc jr sr usw u.s u.k e.u a.m p.m ph.d b.a m.a m.sc b.sc bros gmbh s.a s.l c.v d.c',
  en: 'jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri sat sun hrs mins no',
  de: 'u.s.w u.v.m etc jan feb mär apr jun jul aug sep sept okt nov dez std mio mrd tsd',
  es: 'ee.uu etc',
  fr: 'etc janv févr avr juil sept oct nov déc',
}

/** Only before a number: "No. 5", "p. 12". */
export const NUMBERING_ABBREVIATIONS = new Set(
  'no nos nr p pp art abs vol ch chap sec sect para fig tab ver v s n nº núm pág § ed app'.split(' '),
)

/** Words after which German writes an ordinal: "am 3. Werktag". */
export const GERMAN_ORDINAL_CUES = new Set(
  'am der die das dem den des im vom zum zur ab bis seit und oder jeder jeden jedem dieser'.split(' '),
)

export const GERMAN_MONTHS = new Set(
  'januar jänner februar märz april mai juni juli august september oktober november dezember quartal halbjahr'.split(' '),
)
