/** A tokenizer.json as what an encoder is fed with: a text becomes the numbers of its pieces between the marks that the model expects. */
import { createWordPieceTokenizer } from '../../foundation/text/word-piece-tokenizer.ts'
import { parseNormalizer, type Json } from './text-normalizer.ts'
import { createUnigramTokenizer } from './unigram-tokenizer.ts'

export interface SentenceTokenizer {
  /** What fills the shorter texts of a batch up. */
  readonly padding: number
  /** @param maxTokens marks included; a longer text is cut at its end @returns at least the marks */
  encode(text: string, maxTokens: number): readonly number[]
}

/** @param content of a tokenizer.json with a WordPiece or Unigram model @throws Error naming what is not supported */
export function parseTokenizer(content: unknown): SentenceTokenizer {
  const file = content as Readonly<Record<'model' | 'normalizer' | 'pre_tokenizer' | 'post_processor' | 'padding', Json | null>>
  const tokenize = toPieces(file)
  const { before, after } = parseMarks(file.post_processor)
  const addedTokens = (content as { readonly added_tokens?: readonly { readonly id: number; readonly content: string }[] })
    .added_tokens
  const padding = addedTokens?.find((token) => /^(?:\[PAD\]|<pad>)$/u.test(token.content))?.id ?? 0
  return {
    padding,
    encode: (text, maxTokens) => [...before, ...tokenize(text).slice(0, maxTokens - before.length - after.length), ...after],
  }
}

type Tokenize = (text: string) => readonly number[]

function toPieces(file: {
  readonly model: Json | null
  readonly normalizer: Json | null
  readonly pre_tokenizer: Json | null
}): Tokenize {
  const model = file.model ?? {}
  if (model['type'] === 'Unigram') return unigramPieces(model, file.normalizer, file.pre_tokenizer)
  // Files from before models had a type: only WordPiece has a prefix for what continues a word.
  if (model['type'] === 'WordPiece' || 'continuing_subword_prefix' in model) return wordPieces(model, file.normalizer)
  throw new SyntaxError(`the tokenizer model ${String(model['type'])} is not supported`)
}

function wordPieces(
  { vocab, unk_token: unknown = '[UNK]', continuing_subword_prefix: prefix = '##' }: Json,
  normalizer: Json | null,
): Tokenize {
  if (unknown !== '[UNK]' || prefix !== '##') throw new SyntaxError('a WordPiece model other than that of BERT is not supported')
  if (normalizer !== null && normalizer['type'] !== 'BertNormalizer')
    throw new SyntaxError(`the normaliser ${String(normalizer['type'])} is not supported with WordPiece`)
  const lowercase = normalizer?.['lowercase'] !== false
  const stripAccents = (normalizer?.['strip_accents'] ?? lowercase) === true
  const entries = Array.isArray(vocab) ? (vocab as [string, number][]) : Object.entries(vocab as Record<string, number>)
  const pieces: string[] = []
  for (const [piece, number] of entries) pieces[number] = piece
  return createWordPieceTokenizer(
    Array.from(pieces, (piece = '') => piece),
    { lowercase, stripAccents },
  )
}

function unigramPieces(model: Json, normalizer: Json | null, preTokenizer: Json | null): Tokenize {
  if (model['byte_fallback'] === true) throw new SyntaxError('a Unigram model with byte fallback is not supported')
  const normalize = parseNormalizer(normalizer)
  const words = parsePreTokenizer(preTokenizer)
  const cut = createUnigramTokenizer(model['vocab'] as [string, number][], Number(model['unk_id'] ?? 0))
  return (text) => words(normalize(text).trim()).flatMap(cut)
}

/** White space becomes a mark at the beginning of each word. */
function parsePreTokenizer(part: Json | null): (text: string) => readonly string[] {
  const steps = part?.['type'] === 'Sequence' ? (part['pretokenizers'] as readonly Json[]) : part === null ? [] : [part]
  const metaspace = steps.find(({ type }) => type === 'Metaspace')
  const others = steps.filter(({ type }) => type !== 'Metaspace' && type !== 'WhitespaceSplit')
  if (metaspace === undefined || others.length > 0)
    throw new SyntaxError(`the pre-tokeniser ${JSON.stringify(part)} is not supported with Unigram`)
  const mark = String(metaspace['replacement'] ?? '\u2581')
  const isPrefixed = metaspace['prepend_scheme'] !== 'never' && metaspace['add_prefix_space'] !== false
  const splitsAtWhiteSpace = steps.some(({ type }) => type === 'WhitespaceSplit')
  const marked = (text: string): string => {
    const replaced = text.replaceAll(' ', mark)
    return !isPrefixed || replaced.startsWith(mark) ? replaced : mark + replaced
  }
  return (text) => {
    if (text === '') return []
    if (splitsAtWhiteSpace) return text.split(/\s+/u).map(marked)
    return marked(text).split(new RegExp(`(?=${mark})`, 'u'))
  }
}

/** What a model expects before and after a single text. */
function parseMarks(part: Json | null): { readonly before: readonly number[]; readonly after: readonly number[] } {
  if (part?.['type'] !== 'TemplateProcessing')
    throw new SyntaxError(`the post-processor ${String(part?.['type'])} is not supported`)
  const ids = part['special_tokens'] as Readonly<Record<string, { readonly ids: readonly number[] }>>
  const single = part['single'] as readonly { readonly SpecialToken?: { readonly id: string } }[]
  const text = single.findIndex((piece) => piece.SpecialToken === undefined)
  const marks = (pieces: typeof single): number[] => pieces.flatMap(({ SpecialToken: token }) => ids[token?.id ?? '']?.ids ?? [])
  return { before: marks(single.slice(0, text)), after: marks(single.slice(text + 1)) }
}
