/** JSON as Python writes it: NaN and Infinity, which are no JSON, become null. Knows no format. */

/** Strings are matched first, so that words within them stay. */
const BARE_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g

/** @throws SyntaxError when the text is no JSON with that allowance either */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error
    return JSON.parse(text.replace(BARE_NUMBERS, (found) => (found.startsWith('"') ? found : 'null'))) as unknown
  }
}
