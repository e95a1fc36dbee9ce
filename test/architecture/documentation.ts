/** Rule: the documents about the code tell the truth: relative links lead somewhere, ARCHITECTURE.md names every folder, README stays short. */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import MarkdownIt, { type Token } from 'markdown-it'
import type { Violation } from './violation.ts'

export interface MarkdownFile {
  readonly path: string
  readonly text: string
}

export const readmeLimits = { lines: 150, exampleByLine: 30 } as const

const grammar = new MarkdownIt()

/** @param root folder below which the targets are looked for */
export function brokenLinks(files: readonly MarkdownFile[], root: string): readonly Violation[] {
  return files.flatMap(({ path, text }) =>
    linksOf(grammar.parse(text, {})).flatMap(({ url, line }) => {
      const target = relativeTarget(path, url)
      if (target === undefined || existsSync(join(root, target))) return []
      return [{ file: path, line, message: `links to ${url}, and there is no ${target}. Correct the link, or write the file.` }]
    }),
  )
}

/** @param folders of src that hold code, as `src/knowledge/retrieval` */
export function unmentionedFolders(architecture: MarkdownFile, folders: readonly string[]): readonly Violation[] {
  return folders
    .filter((folder) => {
      const name = folder.replace(/^src\//, '').replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      return !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(architecture.text)
    })
    .map((folder) => ({
      file: architecture.path,
      line: 1,
      message: `does not mention ${folder}/. Add a heading or a line with the question that the folder answers.`,
    }))
}

export function readmeViolations(readme: MarkdownFile): readonly Violation[] {
  const lines = readme.text.trimEnd().split('\n')
  const found: Violation[] = []
  const report = (line: number, message: string): unknown => found.push({ file: readme.path, line, message })
  if (lines.length > readmeLimits.lines) {
    report(
      readmeLimits.lines + 1,
      `has ${lines.length} lines; ${readmeLimits.lines} are allowed. Move the rest into docs/guides.`,
    )
  }
  // A fence that opens and holds a command or code before the limit.
  const fence = lines.findIndex((line) => /^\s*```(sh|bash|console|shell|ts|js)\b/.test(line))
  const isEarly = fence >= 0 && fence + 1 < readmeLimits.exampleByLine && /^\s*(?!```)\S/.test(lines[fence + 1] ?? '')
  if (!isEarly) {
    report(1, `has no runnable example by line ${readmeLimits.exampleByLine}. Open a \`\`\`sh block with the commands that work.`)
  }
  return found
}

function linksOf(blocks: readonly Token[]): readonly { url: string; line: number }[] {
  return blocks.flatMap(({ children, map }) => {
    let line = (map?.[0] ?? 0) + 1
    return (children ?? []).flatMap((token) => {
      if (token.type === 'softbreak' || token.type === 'hardbreak') line++
      const url = token.attrGet('href') ?? token.attrGet('src')
      return url === null ? [] : [{ url: String(url), line }]
    })
  })
}

/** Nothing for links that leave the repository or stay on the page. */
function relativeTarget(from: string, url: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(url)) return undefined
  const path = decodeURI(url.replace(/[?#].*$/, ''))
  return path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path)
}
