/** The table of contents of an e-book: which chapter is called what. Knows both forms, the page of EPUB 3 and the NCX of EPUB 2. */
import { type EpubBook, unescapePart } from './epub-package.ts'
import { oneLineText } from './html-blocks.ts'
import { type HtmlElement, parseXhtml } from './html-node.ts'
import { resolvePart } from './ooxml-package.ts'
import { childAt, descendantsOf, parseXmlTree, textOf } from './xml-tree.ts'

export interface EpubContents {
  /** Title of each chapter, by its part. */
  readonly titles: ReadonlyMap<string, string>
  /** The part that is the table itself. */
  readonly page?: string
}

export async function readContents(book: EpubBook): Promise<EpubContents> {
  const page = book.manifest.find(({ properties }) => properties.includes('nav'))?.part
  const markup = page === undefined ? undefined : book.source(page)
  if (page !== undefined && markup !== undefined) return { titles: collect(page, await linksOf(markup)), page }
  const ncx = book.manifest.find(({ id }) => id === book.tocId)?.part
  const source = ncx === undefined ? undefined : book.source(ncx)
  return { titles: ncx === undefined || source === undefined ? new Map() : collect(ncx, pointsOf(source, book.path)) }
}

type Entry = readonly [reference: string, title: string]

/** The first entry names the chapter; later ones lead to places inside it. */
function collect(from: string, entries: readonly Entry[]): ReadonlyMap<string, string> {
  const titles = new Map<string, string>()
  for (const [reference, title] of entries) {
    const part = resolvePart(from, unescapePart(reference))
    if (title !== '' && !titles.has(part)) titles.set(part, title)
  }
  return titles
}

async function linksOf(markup: string): Promise<readonly Entry[]> {
  const document = await parseXhtml(markup)
  const lists: readonly HtmlElement[] = [...document.querySelectorAll('nav')]
  const contents = lists.find((list) => list.getAttribute('epub:type') === 'toc') ?? lists[0]
  return [...(contents?.querySelectorAll('a') ?? [])].map((link) => [link.getAttribute('href') ?? '', oneLineText(link)])
}

function pointsOf(source: string, path: string): readonly Entry[] {
  return descendantsOf(parseXmlTree(source, path), 'navPoint').map((point) => [
    childAt(point, 'content')?.attributes.get('src') ?? '',
    textOf(childAt(point, 'navLabel', 'text'))
      .replace(/\s+/g, ' ')
      .trim(),
  ])
}
