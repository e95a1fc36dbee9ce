/** What a tokenizer.json does to a text before it cuts it. Knows the kinds of normalisers; knows no vocabulary. */

/** A part of a tokenizer.json, as it stands there. */
export type Json = Readonly<Record<string, unknown>>
export type Normalize = (text: string) => string

/** @returns `undefined` when the file has none @throws Error naming a kind that is not supported */
export function parseNormalizer(part: unknown): Normalize {
  if (part === null || part === undefined) return (text) => text
  const { type, ...options } = part as Json
  const known = KINDS[String(type)]
  if (known === undefined) throw new SyntaxError(`the normaliser ${String(type)} is not supported`)
  return known(options)
}

const KINDS: Readonly<Record<string, (options: Json) => Normalize>> = {
  Sequence: ({ normalizers }) => {
    const steps = (normalizers as readonly unknown[]).map(parseNormalizer)
    return (text) => steps.reduce((changed, step) => step(changed), text)
  },
  NFC: () => (text) => text.normalize('NFC'),
  NFD: () => (text) => text.normalize('NFD'),
  NFKC: () => (text) => text.normalize('NFKC'),
  NFKD: () => (text) => text.normalize('NFKD'),
  Lowercase: () => (text) => text.toLowerCase(),
  StripAccents: () => (text) => text.replace(/\p{Mn}/gu, ''),
  Strip: ({ strip_left: left = true, strip_right: right = true }) => {
    return (text) => (left === true ? (right === true ? text.trim() : text.trimStart()) : right === true ? text.trimEnd() : text)
  },
  Replace: ({ pattern, content }) => {
    const { String: plain, Regex: source } = pattern as { readonly String?: string; readonly Regex?: string }
    if (plain !== undefined) return (text) => text.replaceAll(plain, () => String(content))
    const expression = new RegExp(source ?? '', 'gu')
    return (text) => text.replace(expression, () => String(content))
  },
  // SentencePiece's compiled table is nmt_nfkc in every model that is published: NFKC, white space alike, control characters gone.
  Precompiled: () => (text) =>
    text
      .normalize('NFKC')
      .replace(/[\s\u200b\u200e\u200f\ufeff]+/gu, ' ')
      .replace(/\p{Cc}/gu, ''),
}
