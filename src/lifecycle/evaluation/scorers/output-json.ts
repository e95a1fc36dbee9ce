/** The JSON that an answer is, also inside a Markdown fence. Knows how models wrap it; knows no schema. */

const FENCE = /^```(?:json|JSON)?\s*\n([\s\S]*?)\n?```$/

/** @returns nothing when the whole answer, fence aside, is no JSON: prose around it is no JSON either */
export function readJson(text: string): { readonly value: unknown } | undefined {
  const trimmed = text.trim()
  try {
    return { value: JSON.parse(FENCE.exec(trimmed)?.[1] ?? trimmed) as unknown }
  } catch {
    return undefined
  }
}
