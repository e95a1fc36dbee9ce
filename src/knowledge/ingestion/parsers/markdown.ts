/** Markdown with tables, task lists, footnotes and YAML front matter. Knows the grammar and the head of a page; blocks are written elsewhere. */
import type { MarkdownIt, Token } from 'markdown-it'
import { decodeText } from './decode-text.ts'
import { defineParser, parseFailure } from './define-parser.ts'
import { readFrontMatter } from './front-matter.ts'
import { writeMarkdownBlocks } from './markdown-blocks.ts'
import { refuseBinary } from './sniff-format.ts'

export const markdown = defineParser({
  id: 'markdown',
  version: 4,
  summary: 'Markdown (GitHub flavour, MDX prose) with YAML front matter',
  endings: ['md', 'markdown', 'mdx'],
  mediaType: 'text/markdown',
  async read(input, writer) {
    refuseBinary(input.bytes, input.path)
    const source = await decodeText(input.bytes, input.path)
    const head = frontMatterOf(source)
    const isMdx = input.path.toLowerCase().endsWith('.mdx')
    const frontMatter = await readFrontMatter(head.yaml)
    await writeMarkdownBlocks(await parseMarkdown(source.slice(head.length), input.path), writer, {
      skip: (paragraph) => isMdx && isModuleSyntax(paragraph),
    })
    const unread = head.yaml === undefined && looksLikeAccessRule(source)
    const metadata = unread
      ? { ...frontMatter.metadata, frontMatterProblem: 'it is not closed, or not YAML' }
      : frontMatter.metadata
    return { title: frontMatter.title ?? writer.firstTopHeading(), metadata }
  },
})

const FENCED_HEAD = /^\uFEFF?\s{0,200}(?:---|\+\+\+)[ \t]*\r?\n/
const HEAD_LENGTH = 5_000

/** A page that begins like front matter and speaks of access was meant to be closed to somebody. */
function looksLikeAccessRule(source: string): boolean {
  return (
    FENCED_HEAD.test(source.slice(0, 300)) &&
    /^\s{0,20}(?:access|acl|readers|deny)\s{0,9}[:=]/im.test(source.slice(0, HEAD_LENGTH))
  )
}

/** A block between two fences at the very start; YAML between `---`, TOML, which is not read, between `+++`. */
function frontMatterOf(source: string): { readonly length: number; readonly yaml?: string } {
  const opening = /^(---|\+\+\+)[ \t]*(?:\r?\n|\r)/.exec(source)
  if (opening === null) return { length: 0 }
  const closing = opening[1] === '---' ? /^---[ \t]*$/gm : /^\+\+\+[ \t]*$/gm
  closing.lastIndex = opening[0].length
  const end = closing.exec(source)
  if (end === null) return { length: 0 }
  const length = end.index + end[0].length
  return opening[1] === '---' ? { length, yaml: source.slice(opening[0].length, end.index) } : { length }
}

/** Deeper blocks are not read by the library, which does not say so. */
const DEEPEST_BLOCK = 100

/** Made once: setting up the grammar costs as much as a small page. */
let grammar: Promise<MarkdownIt> | undefined

/** @throws TouchstoneError PARSE_FAILED for a page whose blocks are nested too deeply to be read whole */
async function parseMarkdown(source: string, path: string): Promise<readonly Token[]> {
  grammar ??= loadGrammar()
  const tokens = (await grammar).parse(source, {})
  if (tokens.some(({ level }) => level >= DEEPEST_BLOCK - 1)) throw parseFailure(path, 'it is nested too deeply')
  return tokens
}

/** Footnotes are read where they are written, and bare addresses read the same whether they are links or text. */
async function loadGrammar(): Promise<MarkdownIt> {
  const [{ default: MarkdownIt }, { default: footnotes }] = await Promise.all([
    import('markdown-it'),
    import('markdown-it-footnote'),
  ])
  return new MarkdownIt({ html: true, maxNesting: DEEPEST_BLOCK }).use(footnotes).disable(['footnote_tail', 'footnote_inline'])
}

/** The import and export lines of MDX. */
function isModuleSyntax(paragraph: string): boolean {
  return /^(?:import\s.{0,500}?from\s|import\s+["']|export\s+(?:const|let|default|function)\s)/s.test(paragraph)
}
