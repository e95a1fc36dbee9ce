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
  /** @returns the sentences that this text completed */
  push(text: string): readonly DraftSentence[]
  /** @returns what was left, at most one sentence; to be called once, after the last text */
  finish(): readonly DraftSentence[]
}

const MARKER = /\s*[[【]\s*(\d{1,3}(?:\s*[,;、]\s*\d{1,3})*)\s*[\]】]/gu
const MARKER_HERE = /\s*[[【]\s*\d{1,3}(?:\s*[,;、]\s*\d{1,3})*\s*[\]】]/uy
// A tail that more text could still turn into a marker.
const MARKER_MAY_COME = /^\s*(?:[[【][\d\s,;、]*)?$/u
const TERMINATOR = /[.!?…。！？]/u
const WIDE_TERMINATOR = /[。！？]/u
const CLOSER = /["'”’»)」』）*_]/u
const MARKER_BEFORE = /[\]】]\s*$/u
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

  const take = (final: boolean): DraftSentence[] => {
    const sentences: DraftSentence[] = []
    for (;;) {
      const found = findBoundary(buffer, scanned, final)
      scanned = found.at
      if (!found.boundary) break
      const sentence = toSentence(buffer.slice(0, found.at), lead)
      if (sentence) sentences.push(sentence)
      const rest = buffer.slice(found.at).trimStart()
      // Leading space is not dropped before it is known whether a line break is among it.
      lead = leadOf(buffer.slice(found.at, buffer.length - rest.length), sentence === undefined ? lead : ' ')
      buffer = rest
      scanned = 0
      if (rest === '') break
    }
    return sentences
  }

  return {
    push(text) {
      if (buffer === '') {
        const trimmed = text.trimStart()
        lead = leadOf(text.slice(0, text.length - trimmed.length), lead)
        buffer = trimmed
      } else {
        buffer += text
      }
      return buffer === '' ? [] : take(false)
    },
    finish() {
      const sentences = take(true)
      const last = toSentence(buffer, lead)
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
  for (let index = from; index < text.length; index++) {
    const character = text.charAt(index)
    const isBreak = character === '\n'
    if (!isBreak && !TERMINATOR.test(character)) continue
    const closed = isBreak ? index : skipClosers(text, index + 1)
    if (closed >= text.length && !final && !isBreak) return { at: index, boundary: false }
    const decision = isBreak ? afterBreak(text, index, final) : afterTerminator(text, index, closed, final)
    if (decision === 'undecided') return { at: index, boundary: false }
    if (decision !== 'none') return { at: decision, boundary: true }
  }
  return { at: text.length, boundary: false }
}

type Decision = number | 'none' | 'undecided'

function afterBreak(text: string, index: number, final: boolean): Decision {
  const end = skipMarkers(text, index)
  return !final && MARKER_MAY_COME.test(text.slice(end)) ? 'undecided' : end
}

function afterTerminator(text: string, index: number, closed: number, final: boolean): Decision {
  const end = skipMarkers(text, closed)
  const rest = text.slice(end)
  if (!final && MARKER_MAY_COME.test(rest)) return 'undecided'
  if (end > closed || MARKER_BEFORE.test(text.slice(0, index))) return /^[.!?。]/u.test(rest) ? 'none' : end
  if (rest.trimStart() === '') return end
  if (WIDE_TERMINATOR.test(text.charAt(index))) return end
  if (!/^\s/u.test(rest)) return 'none'
  const next = rest.trimStart()
  if (/^[\uD800-\uDBFF]$/u.test(next) && !final) return 'undecided'
  if (/^[^\n]*?\n/u.test(rest.slice(0, rest.length - next.length))) return end
  if (/^\p{Ll}/u.test(next)) return 'none'
  return text.charAt(index) === '.' && ABBREVIATION.test(text.slice(0, index)) ? 'none' : end
}

function skipClosers(text: string, from: number): number {
  let index = from
  while (index < text.length && (TERMINATOR.test(text.charAt(index)) || CLOSER.test(text.charAt(index)))) index++
  return index
}

function skipMarkers(text: string, from: number): number {
  let index = from
  for (;;) {
    MARKER_HERE.lastIndex = index
    const match = MARKER_HERE.exec(text)
    if (!match) return index
    index += match[0].length
  }
}
