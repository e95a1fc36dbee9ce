/** The little of the DOM that the readers of HTML need, and how bytes become it. Knows nothing of blocks. */

/** Structural: what linkedom builds satisfies it. */
export interface HtmlNode {
  readonly parentNode: HtmlNode | null
  readonly nodeType: number
  /** Upper case for elements. */
  readonly nodeName: string
  readonly textContent: string | null
  readonly childNodes: Iterable<HtmlNode>
}

export interface HtmlElement extends HtmlNode {
  getAttribute(name: string): string | null
  hasAttribute(name: string): boolean
  removeAttribute(name: string): void
  querySelector(selector: string): HtmlElement | null
  querySelectorAll(selector: string): Iterable<HtmlElement>
  closest(selector: string): HtmlElement | null
  remove(): void
}

export interface HtmlDocument extends HtmlNode {
  readonly documentElement: HtmlElement | null
  querySelector(selector: string): HtmlElement | null
  querySelectorAll(selector: string): Iterable<HtmlElement>
}

export const ELEMENT_NODE = 1
export const TEXT_NODE = 3

export function isElement(node: HtmlNode): node is HtmlElement {
  return node.nodeType === ELEMENT_NODE
}

/** linkedom's own `body` puts an empty one before the content of pages without a head. */
export function bodyOf(document: HtmlDocument): HtmlNode {
  return document.querySelector('body') ?? document
}

/** Parses markup that may be a fragment; scripts are never run, nothing is fetched. */
export async function parseHtml(markup: string): Promise<HtmlDocument> {
  const { parseHTML } = await import('linkedom')
  const whole = /<(?:html|body)[\s>]/i.test(markup) ? markup : `<!doctype html><html><head></head><body>${markup}</body></html>`
  return parseHTML(whole).document as unknown as HtmlDocument
}

const EMPTY_ELEMENT = /<([a-z][\w:-]*)((?:\s[^<>]*)?)\/>/gi
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i

/** Parses XHTML, where `<title/>` is a whole element; to HTML it would be open and swallow the page. */
export async function parseXhtml(markup: string): Promise<HtmlDocument> {
  return parseHtml(
    markup.replace(EMPTY_ELEMENT, (whole, name: string, attributes: string) =>
      VOID.test(name) ? whole : `<${name}${attributes}></${name}>`,
    ),
  )
}
