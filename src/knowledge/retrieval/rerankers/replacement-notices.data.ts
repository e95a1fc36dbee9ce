/** How pages say at their beginning that another one has replaced them, by language. Data only. */

// A page that is merely deprecated, archived or out of date may be all there is on its subject: that is no replacement.
// "This page": what "the policy" or "it" is replaced by says nothing of the page. A line that begins with the notice needs no subject.
const NOTHING_BUT_MARKS = String.raw`^[\s>*_#!\-\[(]*(?:(?:status|note|notice|warning|hinweis|statut|estado)\s*:\s*)?`

export const replacementNotices: readonly RegExp[] = [
  // en
  /\bthis (?:page|document|policy|version|article|guide|guideline|edition|procedure|rule|handbook|chapter|note)\b[^.!?\n]{0,60}?\b(?:is|was|has been) (?:now )?(?:superseded|replaced|succeeded)/iu,
  new RegExp(`${NOTHING_BUT_MARKS}(?:superseded|replaced|obsoleted|succeeded) by\\b`, 'imu'),
  // de
  /(?<!\p{L})diese[rs]? (?:seite|dokument|richtlinie|fassung|version|regelung|anleitung|artikel|leitfaden|ausgabe|ordnung)(?!\p{L})[^.!?\n]{0,40}?(?<!\p{L})(?:wurde|ist|wird)(?!\p{L})[^.!?\n]{0,60}?(?<!\p{L})(?:ersetzt|abgelöst)(?!\p{L})/iu,
  new RegExp(`${NOTHING_BUT_MARKS}(?:ersetzt|abgelöst) durch(?!\\p{L})`, 'imu'),
  // fr
  /(?<!\p{L})(?:cette (?:page|politique|version|procédure|édition|règle)|ce (?:document|guide|règlement)|cet article)(?!\p{L})[^.!?\n]{0,60}?(?<!\p{L})(?:a été|est) (?:désormais )?remplacée?/iu,
  new RegExp(`${NOTHING_BUT_MARKS}remplacée? par(?!\\p{L})`, 'imu'),
  // es
  /(?<!\p{L})(?:esta (?:página|política|versión|guía|norma|edición)|este (?:documento|artículo|procedimiento))(?!\p{L})[^.!?\n]{0,60}?(?<!\p{L})(?:ha sido|fue|está|es) (?:ahora )?(?:sustituid|reemplazad)[oa]/iu,
  new RegExp(`${NOTHING_BUT_MARKS}(?:sustituid|reemplazad)[oa] por(?!\\p{L})`, 'imu'),
  // ja, zh
  /(?:この|本)(?:ページ|文書|規程|規定|ポリシー|版)は[^。\n]{0,60}(?:置き換え|差し替え)/u,
  /(?:此|本|该)(?:页面|文件|政策|规定|版本)[^。\n]{0,60}已被[^。\n]{0,30}(?:取代|替代)/u,
]
