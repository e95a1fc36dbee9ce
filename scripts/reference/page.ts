/** What the generated pages share: that they are generated, and tables. */

/** A generated page under docs/reference. */
export interface ReferencePage {
  /** File name. */
  readonly name: string
  render(): string
}

export function heading(title: string, introduction: string): string {
  return `# ${title}\n\n<!-- Written by \`npm run reference\`; change what it is made from. -->\n\n${introduction}\n`
}

/** @returns nothing for a table without rows */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.map(toCell).join(' | ')} |`
  return `${[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

function toCell(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replace(/\s*\n\s*/g, ' ')
    .trim()
}
