/** An explanation as lines of a terminal. Knows how a table looks; knows nothing of ranking. */
import type { HitExplanation, SearchExplanation } from '../../contracts/search.ts'

const BAR_WIDTH = 20

/** Nothing to say where the question alone was searched. */
export function explainSearch({ wordings }: SearchExplanation): readonly string[] {
  return wordings.length < 2
    ? []
    : ['searched for', ...wordings.map(({ text, weight }) => `  ${weight.toFixed(2)}  ${text.replace(/\s+/g, ' ')}`), '']
}

/** One line for each feature, with a bar for what it added; then the words that matched, by field. */
export function explainHit(explanation: HitExplanation): readonly string[] {
  const { contributions, matched, features = {} } = explanation
  const width = Math.max(...contributions.map(({ name }) => name.length), 0)
  const table = contributions.map(({ name, contribution, value }) => {
    const points = contribution.toFixed(3).padStart(7)
    const measured = value === undefined ? '' : value.toFixed(3).padStart(9)
    const bar = (contribution < 0 ? '▒' : '█').repeat(Math.min(BAR_WIDTH, Math.round(Math.abs(contribution) * BAR_WIDTH)))
    return `${name.padEnd(width)} ${points}${measured}  ${bar}`.trimEnd()
  })
  const words = matched.map(({ word, fields, related }) => `${related === true ? '~' : ''}${word} (${fields.join(', ')})`)
  const absolute = Object.entries(features).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  return [
    ...table,
    words.length === 0 ? 'no word of the question matched' : `matched ${words.join(' · ')}`,
    ...(absolute.length === 0 ? [] : [`measured ${absolute.join(' · ')}`]),
  ]
}
