/** Control words of RTF as data: what they write, what they hide, which encodings they name. Source: RTF 1.9.1. */

export const RTF_CHARACTERS: Readonly<Record<string, string>> = {
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
}

/** Groups that show no text of the document. */
export const RTF_HIDDEN_GROUPS: ReadonlySet<string> = new Set(
  `colortbl pict object themedata colorschememapping datastore xmlnstbl listtable listoverridetable revtbl rsidtbl generator
  fldinst filetbl header headerl headerr headerf footer footerl footerr footerf latentstyles mmathPr bkmkstart bkmkend
  ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn tc xe private`.split(/\s+/),
)

/** `fcharset` of a font: labels of the Encoding standard. Others are in the document's own encoding. */
export const RTF_FONT_CHARSETS: Readonly<Record<number, string>> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
}

/** `ansicpg` where the label is not `windows-N`. */
export const RTF_CODE_PAGES: Readonly<Record<number, string>> = {
  866: 'ibm866',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  65001: 'utf-8',
}
