/** `touchstone ask`: one question, answered on the terminal, as JSON, or as a stream of events. */
import type { Answer, AnswerEvent, AnswerSentence } from '../../../contracts/answer.ts'
import type { ConversationId } from '../../../contracts/identity.ts'
import { createTouchstoneClient } from '../../../client/index.ts'
import { foldAnswer } from '../../../serving/fold-answer.ts'
import type { CommonOptions } from '../common-options.ts'
import { describePlace } from '../describe-place.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export interface AskOptions extends CommonOptions {
  readonly as: string
  readonly stream?: boolean
  readonly conversation?: string
  readonly filter?: Record<string, string>
  readonly feature: string
  readonly url?: string
  readonly key?: string
}

export async function ask(question: string, options: AskOptions): Promise<void> {
  const { feature } = options
  const conversation = options.conversation as ConversationId | undefined
  const optional = {
    ...(conversation === undefined ? {} : { conversation }),
    ...(options.filter === undefined ? {} : { filter: options.filter }),
  }
  if (options.url !== undefined) {
    const key = options.key === undefined ? {} : { key: options.key }
    const client = createTouchstoneClient({ url: options.url, user: options.as, ...key })
    return show(client.answerStream({ question, feature, ...optional }), options)
  }
  await withApplication({ ...options, ingestFirst: true }, (application, signal) => {
    const caller = { tenant: application.tenant, user: options.as }
    return show(application.answer({ caller, feature, question, signal, ...optional }), options)
  })
}

async function show(events: AsyncIterable<AnswerEvent>, options: AskOptions): Promise<void> {
  if (options.stream === true) return showStream(events, options.json === true)
  const answer = await foldAnswer(events)
  if (options.json === true) terminal.printJson(answer)
  else printAnswer(answer)
}

async function showStream(events: AsyncIterable<AnswerEvent>, json: boolean): Promise<void> {
  for await (const event of events) {
    if (json) {
      const { type, ...data } = event
      terminal.printJsonLine({ event: type, ...data })
    } else if (event.type === 'sentence') terminal.print(sentenceLine(event, event.provisional ? '…' : ''))
    else if (event.type === 'retract')
      terminal.print(terminal.style('dim', `(sentence ${event.index + 1} withdrawn: nothing supports it)`))
    else if (event.type === 'done') printSources(event)
  }
}

function sentenceLine(sentence: AnswerSentence, suffix: string): string {
  return sentence.support === 'none' && suffix === ''
    ? `${sentence.text} ${terminal.style('yellow', '[unsupported]')}`
    : sentence.text + suffix
}

function printAnswer(answer: Answer): void {
  if (answer.abstained) terminal.print(answer.text)
  else {
    const numbers = numberCitations(answer)
    const text = answer.sentences.map((sentence) => {
      const marks = [...new Set(sentence.citations.map((citation) => numbers.get(citation.chunk)))]
      return `${sentenceLine(sentence, '')}${marks.map((mark) => terminal.style('dim', ` [${mark}]`)).join('')}`
    })
    terminal.print(text.join('\n'))
  }
  printSources(answer)
}

function numberCitations(answer: Answer): Map<string, number> {
  const numbers = new Map<string, number>()
  for (const citation of answer.sentences.flatMap((sentence) => sentence.citations))
    if (!numbers.has(citation.chunk)) numbers.set(citation.chunk, numbers.size + 1)
  return numbers
}

function printSources(answer: Answer): void {
  for (const id of answer.unavailable ?? []) terminal.note(`The external index ${id} did not answer; it was not searched.`)
  const numbers = numberCitations(answer)
  if (numbers.size > 0) terminal.print('')
  for (const [chunk, number] of numbers) {
    const supported = answer.sentences.filter((sentence) => sentence.citations.some((citation) => citation.chunk === chunk))
    const citation = supported.flatMap((sentence) => sentence.citations).find((cited) => cited.chunk === chunk)
    const kinds = [...new Set(supported.map((sentence) => sentence.support))].join(', ')
    const place = citation === undefined ? '' : describePlace(citation)
    terminal.print(
      ` [${number}] ${terminal.style('bold', citation?.title ?? chunk)} · ${citation?.document ?? ''}${place} · ${kinds}`,
    )
  }
  const { total } = answer.timingsMs
  terminal.print(terminal.style('dim', `\ntrace ${answer.id} · release ${answer.release} · ${Math.round(total ?? 0)} ms`))
}
