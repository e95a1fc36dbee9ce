/** YAML front matter as plain data. Knows nothing of what its keys mean, except the title. */

export interface FrontMatter {
  readonly title?: string
  /** JSON data; dates stay as they are written. A problem is reported under `frontMatterProblem`. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Aliases may repeat what they name this often before it counts as an attack ("billion laughs"). */
const MAX_ALIASES = 100

/** Never throws: a page whose front matter is broken can still be read, and says so in its metadata. */
export async function readFrontMatter(source: string | undefined): Promise<FrontMatter> {
  if (source === undefined || source.trim() === '') return { metadata: {} }
  const { parse } = await import('yaml')
  try {
    // YAML 1.2 has no dates, so that they arrive as the strings that were written: ISO dates in practice.
    const parsed: unknown = parse(source, { maxAliasCount: MAX_ALIASES, logLevel: 'error' })
    const metadata: unknown = JSON.parse(JSON.stringify(parsed ?? {}))
    if (!isRecord(metadata)) return { metadata: { frontMatterProblem: 'it is not a mapping of names to values' } }
    const title = metadata['title']
    return typeof title === 'string' || typeof title === 'number' ? { title: String(title), metadata } : { metadata }
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'it is not valid YAML'
    return { metadata: { frontMatterProblem: reason } }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
