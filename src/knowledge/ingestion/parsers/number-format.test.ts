/** Numbers as spreadsheets show them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileNumberFormat } from './number-format.ts'

const rows: readonly (readonly [value: number, format: string, expected: string])[] = [
  [1234.5, 'General', '1234.5'],
  [0.1 + 0.2, 'General', '0.3'],
  [1e21, 'General', '1e+21'],
  [1234.5, '0', '1235'],
  [1.005, '0.00', '1.01'],
  [-2.5, '0', '-3'],
  [-0.001, '0.00', '0.00'],
  [1234567.891, '#,##0.00', '1,234,567.89'],
  [0.125, '0%', '13%'],
  [0.125, '0.0%', '12.5%'],
  [12, '00000', '00012'],
  [1.5, '#.##', '1.5'],
  [3, '0.00E+00', '3.00E+0'],
  [0.5, '# ?/?', '0.5'],
  [1234.5, '#,##0.00 "EUR"', '1,234.50 EUR'],
  [1234.5, String.raw`#,##0.00\ [$€-407]`, '1,234.50 €'],
  [-1234.5, '[$$-409]#,##0.00', '-$1,234.50'],
  [-1234.5, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', '$ (1,234.50)'],
  [-5, '0;[Red]-0', '-5'],
  [0, '0;-0;"none"', '0'],
  [2_500_000, '0.0,,"M"', '2.5M'],
  [7, '0 "d; of"', '7 d; of'],
  [42, ';;;', '42'],
  [42, '@', '42'],
  [45413, 'm/d/yyyy', '2024-05-01'],
  [45413, '[$-409]d-mmm-yy;@', '2024-05-01'],
  [45413.604166667, 'dd.mm.yyyy hh:mm', '2024-05-01 14:30'],
  [45413.604166667, 'yyyy-mm-dd h:mm:ss AM/PM', '2024-05-01 14:30:00'],
  [0.604166667, 'h:mm', '14:30'],
  [0.604166667, 'hh:mm:ss', '14:30:00'],
  [0.01, 'mm:ss.0', '00:14:24'],
  [45413, 'mmm-yy', '2024-05'],
  [45413, 'yyyy', '2024'],
  [45413, 'd-mmm', '2024-05-01'],
  [1.5, '[h]:mm', '36:00'],
  [1.5, '[h]:mm:ss', '36:00:00'],
  [1, 'yyyy-mm-dd', '1900-01-01'],
  [59, 'yyyy-mm-dd', '1900-02-28'],
  [61, 'yyyy-mm-dd', '1900-03-01'],
  [2_958_465, 'yyyy-mm-dd', '9999-12-31'],
  [2_958_466, 'yyyy-mm-dd', '2958466'],
  [-1, 'yyyy-mm-dd', '-1'],
]
for (const [value, format, expected] of rows)
  test(`${value} as ${format} [A2]`, () => assert.equal(compileNumberFormat(format)(value, false).text, expected))

test('with 1904 as the first year the same number is another day [A2]', () => {
  assert.equal(compileNumberFormat('yyyy-mm-dd')(45413, true).text, '2028-05-02')
  assert.equal(compileNumberFormat('yyyy-mm-dd')(0, true).text, '1904-01-01')
})

test('for any number and format: some text, in time', () => {
  const anyFormat = fc.string({ unit: fc.constantFrom(...'0#?.,%E+-/;"\\_*[]$hmsydG @€'), maxLength: 30 })
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), anyFormat, fc.boolean(), (value, format, from1904) => {
      assert.equal(typeof compileNumberFormat(format)(value, from1904).text, 'string')
    }),
    { numRuns: 2000, seed: 5 },
  )
})
