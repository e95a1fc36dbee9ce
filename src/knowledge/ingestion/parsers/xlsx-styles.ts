/** What the styles of a workbook say about its cells: how numbers show, and what is bold. Source: ECMA-376, 18.8. */
import { compileNumberFormat, type NumberFormat } from './number-format.ts'
import { childAt, childrenOf, type XmlElement } from './xml-tree.ts'

export interface CellStyle {
  readonly show: NumberFormat
  readonly isBold: boolean
}

/** Formats that every program knows by number; those of East Asian dates (27-36, 50-58) differ by country and are dates in all. */
const BUILT_IN: Readonly<Record<string, string>> = {
  1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 5: '#,##0;-#,##0', 6: '#,##0;-#,##0', 7: '#,##0.00;-#,##0.00', 8: '#,##0.00;-#,##0.00',
  9: '0%', 10: '0.00%', 11: '0.00E+00', 12: '# ?/?', 13: '# ??/??', 14: 'yyyy-mm-dd', 15: 'd-mmm-yy', 16: 'd-mmm', 17: 'mmm-yy',
  18: 'h:mm AM/PM', 19: 'h:mm:ss AM/PM', 20: 'h:mm', 21: 'h:mm:ss', 22: 'yyyy-mm-dd h:mm', 37: '#,##0;-#,##0', 38: '#,##0;-#,##0',
  39: '#,##0.00;-#,##0.00', 40: '#,##0.00;-#,##0.00', 41: '#,##0;-#,##0', 42: '#,##0;-#,##0', 43: '#,##0.00;-#,##0.00',
  44: '#,##0.00;-#,##0.00', 45: 'mm:ss', 46: '[h]:mm:ss', 47: 'mm:ss', 48: '##0.0E+0', 49: '@',
} // prettier-ignore

const PLAIN: CellStyle = { show: compileNumberFormat('General'), isBold: false }

/** @returns the style by the number that a cell names; unknown ones are plain */
export function readStyles(root: XmlElement | undefined): (index: string | undefined) => CellStyle {
  const codes = new Map(
    childrenOf(childAt(root, 'numFmts'), 'numFmt').map(({ attributes }) => [
      attributes.get('numFmtId') ?? '',
      attributes.get('formatCode') ?? '',
    ]),
  )
  const bold = childrenOf(childAt(root, 'fonts'), 'font').map((font) => isOn(childAt(font, 'b')))
  const formats = new Map<string, NumberFormat>()
  const formatOf = (id: string): NumberFormat => {
    const known = formats.get(id) ?? compileNumberFormat(codes.get(id) ?? builtIn(Number(id)))
    formats.set(id, known)
    return known
  }
  const styles = childrenOf(childAt(root, 'cellXfs'), 'xf').map(({ attributes }) => ({
    show: formatOf(attributes.get('numFmtId') ?? '0'),
    isBold: bold[Number(attributes.get('fontId') ?? 0)] ?? false,
  }))
  return (index) => styles[Number(index ?? 0)] ?? PLAIN
}

function builtIn(id: number): string {
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return 'yyyy-mm-dd'
  return BUILT_IN[String(id)] ?? 'General'
}

/** An element that switches something on, unless it says otherwise. */
function isOn(element: XmlElement | undefined): boolean {
  return element !== undefined && !/^(?:0|false|off)$/.test(element.attributes.get('val') ?? '')
}
