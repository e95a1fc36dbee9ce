/** A small sound file for each format that the sample company lacks. */
import { buildDocx, buildPdf } from '../../src/testing/document-files.ts'
import type { FuzzInput } from './fuzz-target.ts'

export function writtenFiles(): FuzzInput[] {
  return [
    {
      name: 'written.docx',
      bytes: buildDocx([
        { heading: 'Leave', level: 1 },
        { paragraph: 'Everyone gets 25 days.' },
        { item: 'Ask early', list: 1 },
        {
          table: [
            ['Country', 'Days'],
            ['Spain', '23'],
          ],
          headed: true,
        },
      ]),
    },
    {
      name: 'written.pdf',
      bytes: buildPdf([[{ text: 'Leave', size: 20 }, { text: 'Everyone gets 25 days.' }], [{ text: 'Page two.' }]]),
    },
  ]
}
