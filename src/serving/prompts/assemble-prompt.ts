/** From instructions, question and passages to the messages a model reads. Roles are fixed; untrusted text stays in data blocks. */
import type { Prompt } from '../../contracts/chat-model.ts'
import type { ConversationTurn } from '../../contracts/conversation.ts'
import type { Passage } from '../../contracts/document.ts'
import type { PromptTemplate } from './prompt-template.ts'
import { escapeUntrusted } from './untrusted-text.ts'

export interface PromptParts {
  readonly template: PromptTemplate
  readonly question: string
  readonly passages: readonly Passage[]
  /** Earlier turns whose documents the asker may still read, oldest first. */
  readonly turns: readonly ConversationTurn[]
  /** Drawn anew for each request, so that no document can know it. */
  readonly nonce: string
}

/**
 * One system message (the instructions) and one user message (the blocks: a passage each, the earlier conversation when there
 * is one, the question). The number of blocks depends on how many passages there are, never on what they say.
 */
export function assemblePrompt({ template, question, passages, turns, nonce }: PromptParts): Prompt {
  const blocks = [
    ...passages.map((passage, index) => block(`passage ${index + 1}`, nonce, renderPassage(passage))),
    ...(turns.length > 0 ? [block('conversation', nonce, turns.map(renderTurn).join('\n'))] : []),
    block('question', nonce, question),
  ]
  return {
    messages: [
      { role: 'system', content: template.text.replaceAll('{nonce}', nonce) },
      { role: 'user', content: blocks.join('\n\n') },
    ],
    question,
    passages,
  }
}

function block(name: string, nonce: string, content: string): string {
  return `<<<${name} ${nonce}>>>\n${escapeUntrusted(content)}\n<<<end ${name} ${nonce}>>>`
}

function renderPassage(passage: Passage): string {
  const place = [passage.title, ...passage.headingPath].map(oneLine).join(' > ')
  const superseded = passage.metadata['status'] === 'superseded' ? '\nStatus: superseded' : ''
  return `From: ${place}${superseded}\n${passage.text}`
}

function renderTurn(turn: ConversationTurn): string {
  return `Asked: ${oneLine(turn.question)}\nAnswered: ${oneLine(turn.answer)}`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
