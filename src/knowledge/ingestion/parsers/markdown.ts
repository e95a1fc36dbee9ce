/** Markdown with tables, task lists, footnotes and YAML front matter. Knows the syntax tree; HTML inside goes to the HTML walker. */
import type { Root, RootContent } from 'mdast'
import type { Construct } from 'micromark-util-types'
import type { Processor } from 'unified'
import { decodeText } from './decode-text.ts'
import { defineParser } from './define-parser.ts'
import { readFrontMatter } from './front-matter.ts'
import { writeMarkdownBlocks } from './markdown-blocks.ts'
import { refuseBinary } from './sniff-format.ts'

export const markdown = defineParser({
  id: 'markdown',
  version: 3,
  summary: 'Markdown (GitHub flavour, MDX prose) with YAML front matter',
  endings: ['md', 'markdown', 'mdx'],
  mediaType: 'text/markdown',
  async read(input, writer) {
    refuseBinary(input.bytes, input.path)
    const source = await decodeText(input.bytes, input.path)
    const tree = await parseMarkdown(source)
    const isMdx = input.path.toLowerCase().endsWith('.mdx')
    const frontMatter = await readFrontMatter(tree.children.find((node) => node.type === 'yaml')?.value)
    await writeMarkdownBlocks(isMdx ? tree.children.filter((node) => !isModuleSyntax(node)) : tree.children, writer)
    const unread = !tree.children.some((node) => node.type === 'yaml') && looksLikeAccessRule(source)
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

const BARE_LINKS = new Set(['wwwAutolink', 'protocolAutolink', 'emailAutolink'])

/** Made once: setting up the grammar costs as much as a small page. */
let processor: Promise<Processor<Root>> | undefined

async function parseMarkdown(source: string): Promise<Root> {
  processor ??= createProcessor()
  return (await processor).parse(source)
}

async function createProcessor(): Promise<Processor<Root>> {
  const [{ unified }, { default: remarkParse }, { default: remarkGfm }, { default: remarkFrontmatter }] = await Promise.all([
    import('unified'),
    import('remark-parse'),
    import('remark-gfm'),
    import('remark-frontmatter'),
  ])
  return unified().use(remarkParse).use(remarkGfm).use(withoutBareLinks).use(remarkFrontmatter, ['yaml', 'toml']).freeze()
}

/**
 * Bare addresses read the same whether they are links or text, and looking for them, at every letter of the text and once more
 * in a transform, takes two fifths of the time.
 */
function withoutBareLinks(this: Processor): void {
  const data = this.data()
  data.micromarkExtensions = (data.micromarkExtensions ?? []).map(({ text = {}, ...extension }) => ({
    ...extension,
    text: Object.fromEntries(Object.entries(text).map(([code, constructs]) => [code, [constructs ?? []].flat().filter(isKept)])),
  }))
  data.fromMarkdownExtensions = data.fromMarkdownExtensions?.flat().map((extension) => ({ ...extension, transforms: [] })) ?? []
}

function isKept({ name }: Construct): boolean {
  return name === undefined || !BARE_LINKS.has(name)
}

/** The import and export lines of MDX. */
function isModuleSyntax(node: RootContent): boolean {
  if (node.type !== 'paragraph') return false
  const [first] = node.children
  return (
    first?.type === 'text' &&
    /^(?:import\s.{0,500}?from\s|import\s+["']|export\s+(?:const|let|default|function)\s)/s.test(first.value)
  )
}
