/** The page served at `/`, with a policy that lets exactly its own script and style run. Knows nothing of what the page does. */
import { createHash } from 'node:crypto'
import { pageScript, pageStyle, pageTemplate } from './page.data.ts'

export interface PageSettings {
  readonly features: readonly string[]
  /** Questions offered to a visitor. */
  readonly examples: readonly string[]
}

export interface Page {
  readonly html: string
  readonly contentSecurityPolicy: string
}

export function createPage(settings: PageSettings): Page {
  // `<` would let a setting end its element.
  const data = JSON.stringify(settings).replaceAll('<', '\\u003c')
  const parts: Readonly<Record<string, string>> = { STYLE: pageStyle, SCRIPT: pageScript, SETTINGS: data }
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(pageScript)}'`,
    `style-src '${sourceHash(pageStyle)}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    html: pageTemplate.replace(/%(STYLE|SCRIPT|SETTINGS)%/g, (_, name: string) => parts[name] ?? ''),
    contentSecurityPolicy: policy.join('; '),
  }
}

function sourceHash(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`
}
