/** Mends what fonts without a proper table of characters make of text. Knows glyphs that are told wrongly; knows no layout. */

/** Glyphs that no character is known for come as control characters: a minus may be among them, so they are not dropped. */
// oxlint-disable-next-line no-control-regex
const UNKNOWN = /[\u0000-\u0008\u000e-\u001f\u007f]/g
/** Some fonts of TeX say that their `ff` is a return sign. */
const FALSE_LIGATURE = /(?<=\p{L})\u21b5|\u21b5(?=\p{Ll})/gu
/** TeX sets accents before their letters. */
const ACCENT = /([`\u00b4\u02c6\u02dc\u00a8\u02d8\u02da\u02c7\u00b8])([A-Za-z\u0131])/g
const COMBINING: Readonly<Record<string, string>> = {
  '`': '\u0300',
  '\u00b4': '\u0301',
  '\u02c6': '\u0302',
  '\u02dc': '\u0303',
  '\u00a8': '\u0308',
  '\u02d8': '\u0306',
  '\u02da': '\u030a',
  '\u02c7': '\u030c',
  '\u00b8': '\u0327',
}

/** @param isTex the file was made by TeX: elsewhere an accent may stand for an apostrophe */
export function mendGlyphs(text: string, isTex: boolean): string {
  const plain = text.replace(UNKNOWN, '\ufffd').replace(FALSE_LIGATURE, 'ff')
  return isTex ? plain.replace(ACCENT, composeAccent) : plain
}

function composeAccent(whole: string, accent: string, letter: string): string {
  const composed = `${letter === '\u0131' ? 'i' : letter}${COMBINING[accent] ?? ''}`.normalize('NFC')
  return composed.length === 1 ? composed : whole
}
