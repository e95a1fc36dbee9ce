/** From passages to the sentences, rows and items that could answer, each with the context that says what it is about. Ranks nothing. */
import type { Passage } from '../../contracts/document.ts'
import { splitSentences } from '../../foundation/text/segmentation.ts'
import { foldText } from '../../foundation/text/unicode.ts'
import { INSTRUCTION_PATTERNS } from './untrusted-instructions.data.ts'
import { profileWords, type WordProfile } from './word-matching.ts'

export interface Candidate {
  readonly passage: Passage
  /** 0-based, as in the prompt. */
  readonly passageIndex: number
  /** Position within the passage, counting every piece. */
  readonly position: number
  readonly text: string
  /** Where the piece stands: a table row or an item stays on a line of its own. */
  readonly kind: 'sentence' | 'row' | 'item' | 'intro'
  /** Starts a block: nothing of the same line stands before it. */
  readonly startsLine: boolean
  readonly own: WordProfile
  /** The line that leads to it, such as "The following are covered:" or a question of an FAQ. */
  readonly intro?: WordProfile
  readonly introPosition?: number
  readonly neighbours: WordProfile
  /** Begins with a word that means something in the sentence before, on the same line. */
  readonly leansBack: boolean
  /** That sentence. */
  readonly antecedent?: WordProfile
}

/** What stands over all candidates of a passage. */
export interface PassageProfile {
  readonly title: WordProfile
  readonly headings: WordProfile
  readonly all: WordProfile
}

interface Piece {
  readonly text: string
  readonly kind: 'sentence' | 'row' | 'item' | 'intro' | 'question' | 'heading'
  readonly line: number
  readonly startsLine: boolean
}

const ROW = /^[^:;]{1,60}: [^;]+(?:; [^:;]{1,60}: [^;]*)+;?$/u
const BULLET = /^(?:[-*•–‣]|\d{1,2}[.)]|[a-z][.)])\s+/u
const SENTENCE_END = /[.!?。！？…]["'”’»)\]」』）]*$/u
/** Pieces that one introduction may lead to. */
const MAX_LED = 12
/** Capitals only, or a numbered title: a heading that its format did not mark. */
const LABEL = /^(?=.*\p{Lu}.*\p{Lu})[^\p{Ll}.!?;]{4,80}$|^\d{1,2}(?:\.\d{1,2})*\.?\s\p{Lu}[^.:;!?]{2,50}$/u
const LEANS_BACK =
  /^(?:it|its|this|that|these|those|they|their|them|he|his|she|her|such|both|otherwise|afterwards?|after that|then|however|but|in (?:this|that|such) cases?|es|er|sie|dies(?:e[rsmn]?)?|dann|danach|dabei|dafür|jedoch|andernfalls|sonst|esto|esta|este|estos|estas|ello|él|ella|ellos|después|sin embargo|pero|il|elle|cela|ceci|ces|ce|ensuite)(?![\p{L}'’])|^(?:これ|それ|この|その|ただし|また)/iu

export function profilePassage(passage: Passage): PassageProfile {
  const { language } = passage
  return {
    title: profileWords(passage.title, language),
    headings: profileWords(passage.headingPath.join('\n'), language),
    all: profileWords(passage.text, language),
  }
}

/** Headings and questions are context, never candidates; neither is text that speaks to a model. */
export function candidatesOf(passage: Passage, passageIndex: number): readonly Candidate[] {
  const pieces = piecesOf(passage)
  const profiles = pieces.map((piece) => profileWords(piece.text, passage.language))
  const empty = profileWords('', passage.language)
  return pieces.flatMap((piece, position): Candidate[] => {
    if (piece.kind === 'question' || piece.kind === 'heading' || speaksToModel(pieces, position)) return []
    const lead = introOf(pieces, position)
    const intro = lead === undefined ? undefined : profiles[lead]
    const leansBack = LEANS_BACK.test(piece.text) && pieces[position - 1]?.line === piece.line
    const antecedent = leansBack ? profiles[position - 1] : undefined
    const around = [position - 1, position + 1].filter((other) => isNeighbour(pieces, position, other))
    const neighbours =
      around.length === 0 ? empty : profileWords(around.map((other) => pieces[other]?.text ?? '').join('\n'), passage.language)
    const context = lead === undefined || intro === undefined ? {} : { intro, introPosition: lead }
    return [
      {
        passage,
        passageIndex,
        position,
        text: piece.text,
        kind: piece.kind,
        startsLine: piece.startsLine,
        own: profiles[position] ?? empty,
        neighbours,
        leansBack,
        ...(antecedent ? { antecedent } : {}),
        ...context,
      },
    ]
  })
}

function piecesOf(passage: Passage): Piece[] {
  const headings = new Set([passage.title, ...passage.headingPath].map((heading) => foldText(heading.trim())))
  return passage.text.split('\n').flatMap((raw, line): Piece[] => {
    const text = raw.trim()
    if (text === '') return []
    const whole = (kind: Piece['kind']): Piece[] => [{ text, kind, line, startsLine: true }]
    if (headings.has(foldText(text)) || LABEL.test(text)) return whole('heading')
    if (ROW.test(text)) return whole('row')
    const sentences = splitSentences(text, passage.language)
      .map(({ start, end }) => text.slice(start, end).trim())
      .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    return sentences.map((sentence, index) => ({
      text: sentence,
      line,
      startsLine: index === 0,
      kind: kindOf(sentence, sentences.length),
    }))
  })
}

function kindOf(sentence: string, inLine: number): Piece['kind'] {
  if (/[?？]["'”’»)]*$/u.test(sentence)) return 'question'
  if (/[:：]$/u.test(sentence)) return 'intro'
  return inLine === 1 && (BULLET.test(sentence) || !SENTENCE_END.test(sentence)) ? 'item' : 'sentence'
}

/** The question or the introduction above, when everything between belongs to it. */
function introOf(pieces: readonly Piece[], position: number): number | undefined {
  const own = pieces[position]
  for (let at = position - 1; at >= Math.max(0, position - MAX_LED); at--) {
    const piece = pieces[at]
    if (!piece || piece.kind === 'heading') return undefined
    if (piece.kind === 'question' || piece.kind === 'intro') return at
    // A paragraph ends a list; only within one line do sentences follow each other under one introduction.
    if (piece.kind === 'sentence' && piece.line !== own?.line) return undefined
  }
  return undefined
}

function isNeighbour(pieces: readonly Piece[], position: number, other: number): boolean {
  const [own, beside] = [pieces[position], pieces[other]]
  if (!own || !beside || beside.kind === 'heading') return false
  // Rows of a table and items of a list speak of different things.
  return !(own.kind === 'row' && beside.kind === 'row') && !(own.kind === 'item' && beside.kind === 'item')
}

/** Also what follows an instruction on the same line: it goes on speaking to the model. */
function speaksToModel(pieces: readonly Piece[], position: number): boolean {
  const line = pieces[position]?.line
  return pieces.some((piece) => piece.line === line && INSTRUCTION_PATTERNS.some((pattern) => pattern.test(piece.text)))
}
