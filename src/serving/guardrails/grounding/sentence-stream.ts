/** From text as a model writes it to complete sentences with their `[n]` markers. Knows nothing of passages or support. */

export interface DraftSentence {
  /** Without markers, trimmed. */
  readonly text: string
  /** Passage numbers as cited, from 1, each once, in order of appearance. */
  readonly markers: readonly number[]
  /** What stood before the sentence: nothing, a space, or a line break. */
  readonly lead: '' | ' ' | '\n'
}

export interface SentenceStream {
  /** @returns the sentences that this text completed; what lies beyond the longest text is left out */
  push(text: string): readonly DraftSentence[]
  /** @returns what was left, at most one sentence, none of a text cut off; to be called once, after the last text */
  finish(): readonly DraftSentence[]
  /** Whether the longest text was exceeded: nothing that is pushed now counts. */
  readonly isFull: boolean
}

/** Characters of a whole text, white space included; the longest answers of models are a tenth of it. */
export const MAX_TEXT = 100_000
/** Characters of one sentence, white space collapsed; one still open there is cut off as a sentence of its own. */
export const MAX_SENTENCE = 4_000

// Every step below looks at a bounded stretch, so that time is linear in whatever a model writes, however it is chunked.
const MAX_CLOSERS = 8
const MAX_MARKERS = 8
/** Longer than any abbreviation. */
const LOOK_BACK = 40

// White space is collapsed before, and a marker names ten passages at most.
const MARKER = /\s?[[【]\s?(\d{1,3}(?:\s?[,;、]\s?\d{1,3}){0,9})\s?[\]】]/gu
const MARKER_HERE = new RegExp(MARKER.source, 'uy')
// A tail that more text could still turn into a marker.
const MARKER_MAY_COME = /^\s?(?:[[【][\d\s,;、]{0,60})?$/u
const TERMINATOR = /[.!?…。！？]/u
const WIDE_TERMINATOR = /[。！？]/u
const CLOSER = /["'”’»)」』）*_]/u
const MARKER_BEFORE = /[\]】]\s?$/u
const ABBREVIATION =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|no|nos|approx|incl|max|min|fig|mr|mrs|ms|dr|prof|st|inc|ltd|co|z\.\s?b|d\.\s?h|u\.\s?a|bzw|ca|inkl|ggf|nr|abs|art|sog|str|tel|evtl|p\.\s?ej|ej|sr|sra|núm|pág|p\.\s?ex|env|m|mme|\p{L}|\p{L}\.\p{L}|\d{1,2})$/iu

/**
 * Any chunking of a text gives the same sentences: a boundary is decided only when no further text could change it.
 * A sentence ends at a line break, or at a terminator that markers, an end, or a space and no lower-case letter follow.
 */
export function createSentenceStream(): SentenceStream {
  let buffer = ''
  let scanned = 0
  let lead: DraftSentence['lead'] = ''
  let space: DraftSentence['lead'] = ''
  let room = MAX_TEXT

  const take = (final: boolean): DraftSentence[] => {
    const sentences: DraftSentence[] = []
    for (;;) {
      const found = findBoundary(buffer, scanned, final)
      scanned = found.at
      if (!found.boundary) break
      const sentence = toSentence(buffer.slice(0, found.at), lead)
      if (sentence) sentences.push(sentence)
      const rest = buffer.slice(found.at).trimStart()
      lead = leadOf(buffer.slice(found.at, buffer.length - rest.length), sentence === undefined ? lead : ' ')
      buffer = rest
      scanned = 0
      if (rest === '') break
    }
    return sentences
  }

  const append = (part: string): void => {
    if (/^\s/u.test(part)) {
      // A run of white space is not written before its end, as it may go on in the next text and hold a line break.
      space = leadOf(part, space)
    } else {
      if (buffer === '') lead = leadOf(space, lead)
      buffer += buffer === '' ? part : space + part
      space = ''
    }
  }

  return {
    get isFull() {
      return room < 0
    },
    push(text) {
      const counted = text.slice(0, Math.max(0, room))
      room = Math.max(-1, room - text.length)
      for (const [part] of counted.matchAll(/\s+|\S+/gu)) append(part)
      return buffer === '' ? [] : take(false)
    },
    finish() {
      const sentences = take(true)
      const last = room < 0 ? undefined : toSentence(buffer, lead)
      buffer = ''
      return last ? [...sentences, last] : sentences
    },
  }
}

function leadOf(space: string, before: DraftSentence['lead']): DraftSentence['lead'] {
  return space.includes('\n') || before === '\n' ? '\n' : space === '' ? before : ' '
}

function toSentence(raw: string, lead: DraftSentence['lead']): DraftSentence | undefined {
  const markers = [...raw.matchAll(MARKER)].flatMap((match) => (match[1] ?? '').split(/[,;、]/u).map(Number))
  const text = raw.replace(MARKER, '').trim()
  return /[\p{L}\p{N}]/u.test(text) ? { text, markers: [...new Set(markers)], lead } : undefined
}

interface Boundary {
  /** End of the sentence with its markers, or where to look again when more text has come. */
  readonly at: number
  readonly boundary: boolean
}

function findBoundary(text: string, from: number, final: boolean): Boundary {
  const limit = Math.min(text.length, MAX_SENTENCE)
  for (let index = from; index < limit; index++) {
    const character = text.charAt(index)
    const isBreak = character === '\n'
    if (!isBreak && !TERMINATOR.test(character)) continue
    const closed = isBreak ? index : skipClosers(text, index + 1)
    if (closed >= text.length && !final && !isBreak) return { at: index, boundary: false }
    const decision = isBreak ? afterBreak(text, index, final) : afterTerminator(text, index, closed, final)
    if (decision === 'undecided') return { at: index, boundary: false }
    if (decision !== 'none') return { at: decision, boundary: true }
  }
  return text.length > MAX_SENTENCE ? { at: cutBefore(text, MAX_SENTENCE), boundary: true } : { at: limit, boundary: false }
}

function cutBefore(text: string, at: number): number {
  return /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at
}

type Decision = number | 'none' | 'undecided'

function afterBreak(text: string, index: number, final: boolean): Decision {
  const end = skipMarkers(text, index)
  return !final && MARKER_MAY_COME.test(text.slice(end)) ? 'undecided' : end
}

function afterTerminator(text: string, index: number, closed: number, final: boolean): Decision {
  const before = text.slice(Math.max(0, index - LOOK_BACK), index)
  const end = skipMarkers(text, closed)
  const rest = text.slice(end)
  if (!final && MARKER_MAY_COME.test(rest)) return 'undecided'
  if (end > closed || MARKER_BEFORE.test(before)) return /^[.!?。]/u.test(rest) ? 'none' : end
  if (rest.trimStart() === '') return end
  if (WIDE_TERMINATOR.test(text.charAt(index))) return end
  if (!/^\s/u.test(rest)) return 'none'
  const next = rest.trimStart()
  if (/^[\uD800-\uDBFF]$/u.test(next) && !final) return 'undecided'
  if (/^[^\n]*?\n/u.test(rest.slice(0, rest.length - next.length))) return end
  if (/^\p{Ll}/u.test(next)) return 'none'
  return text.charAt(index) === '.' && ABBREVIATION.test(before) ? 'none' : end
}

function skipClosers(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_CLOSERS)
  let index = from
  while (index < limit && (TERMINATOR.test(text.charAt(index)) || CLOSER.test(text.charAt(index)))) index++
  return index
}

function skipMarkers(text: string, from: number): number {
  let index = from
  for (let count = 0; count < MAX_MARKERS; count++) {
    MARKER_HERE.lastIndex = index
    const match = MARKER_HERE.exec(text)
    if (!match) return index
    index += match[0].length
  }
  return index
}
