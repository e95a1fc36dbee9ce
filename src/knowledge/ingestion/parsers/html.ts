/** HTML pages: the main content, without navigation and hidden parts. Knows pages; blocks are the walker's. */
import { decodeText } from './decode-text.ts'
import { defineParser } from './define-parser.ts'
import { oneLineText, writeHtmlBlocks } from './html-blocks.ts'
import { bodyOf, type HtmlDocument, type HtmlNode, parseHtml, parseXhtml } from './html-node.ts'
import { settleToOneLine } from './inline-text.ts'
import { refuseBinary } from './sniff-format.ts'

export const html = defineParser({
  id: 'html',
  version: 2,
  summary: 'HTML pages: main content without navigation, hidden elements and comments',
  endings: ['html', 'htm', 'xhtml'],
  mediaType: 'text/html',
  async read(input, writer) {
    refuseBinary(input.bytes, input.path)
    const markup = await decodeText(input.bytes, input.path, declaredCharset(input.bytes))
    const document = await parsePage(markup)
    const title = pageTitle(document)
    const language = document.documentElement?.getAttribute('lang')?.trim() ?? ''
    removeUnread(document)
    writeHtmlBlocks(await mainContent(document, markup), writer)
    return { title: title ?? writer.firstTopHeading(), metadata: language === '' ? {} : { language } }
  },
})

/** The declaration stands within the first 1024 bytes (HTML standard); some writers need more. */
const PRESCAN_BYTES = 4096
/** Readability's choice counts when it keeps at least this share of the page's visible text: a fact lost is never found. */
const MIN_KEPT_SHARE = 0.5
/** Beyond this many elements Readability's repeated passes cost more than the navigation that they remove. */
const MAX_READABILITY_ELEMENTS = 20_000
/** Its time grows with the cube of the depth: 400 nested tables, 6 kB, took 14 s. */
const MAX_READABILITY_DEPTH = 100
const UNREAD = 'script, style, template, noscript, [hidden], [aria-hidden="true"], nav, [role="navigation"], [role="search"]'
/** Parts of the page when they stand outside the content, parts of the content when they stand inside. */
const FRAME = 'header, footer, aside, [role="banner"], [role="contentinfo"], [role="complementary"]'

function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN_BYTES))
  const found =
    /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head) ??
    /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]+)/i.exec(head)
  return found?.[1]
}

function parsePage(markup: string): Promise<HtmlDocument> {
  return /^\s*<\?xml/.test(markup) ? parseXhtml(markup) : parseHtml(markup)
}

/** `<title>`, or the only H1 when the title merely adds the site's name to it. */
function pageTitle(document: HtmlDocument): string | undefined {
  const title = settleToOneLine(document.querySelector('title')?.textContent ?? '')
  const headings = [...document.querySelectorAll('h1')].map(oneLineText).filter((text) => text !== '')
  const [only] = headings
  if (headings.length === 1 && only !== undefined && (title === '' || title.includes(only))) return only
  return title === '' ? undefined : title
}

function removeUnread(document: HtmlDocument): void {
  for (const element of document.querySelectorAll(UNREAD)) element.remove()
  for (const element of document.querySelectorAll(FRAME)) {
    if (element.closest('main, article, [role="main"]') === null) element.remove()
  }
  for (const form of document.querySelectorAll('form')) {
    // Some servers wrap whole pages in one form.
    if (form.querySelector('h1, h2, h3, main, article, table') === null) form.remove()
  }
}

async function mainContent(document: HtmlDocument, markup: string): Promise<HtmlNode> {
  const main = document.querySelector('main, [role="main"]')
  if (main !== null && visibleLength(main) > 0) return main
  const body = bodyOf(document)
  const length = visibleLength(body)
  const article = await readableArticle(markup)
  return article !== undefined && visibleLength(article) >= length * MIN_KEPT_SHARE ? article : body
}

/** Readability rearranges the document that it is given, so it gets its own. */
async function readableArticle(markup: string): Promise<HtmlNode | undefined> {
  const document = await parsePage(markup)
  removeUnread(document)
  const elements = [...document.querySelectorAll('*')]
  if (elements.length > MAX_READABILITY_ELEMENTS || depthOf(elements) > MAX_READABILITY_DEPTH) return undefined
  const { Readability } = await import('@mozilla/readability')
  type Source = ConstructorParameters<typeof Readability>[0]
  const article = new Readability<HtmlNode>(document as unknown as Source, {
    serializer: (node) => node as unknown as HtmlNode,
  }).parse()
  return article?.content ?? undefined
}

/** @param elements in document order: parents before their children */
function depthOf(elements: readonly HtmlNode[]): number {
  const depths = new Map<unknown, number>()
  let deepest = 0
  for (const element of elements) {
    const depth = (depths.get(element.parentNode) ?? 0) + 1
    depths.set(element, depth)
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

function visibleLength(node: HtmlNode): number {
  return (node.textContent ?? '').replace(/\s+/g, ' ').trim().length
}
