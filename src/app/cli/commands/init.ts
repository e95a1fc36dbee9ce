/** `touchstone init`: asks, or takes flags, and writes a commented configuration. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parsePrincipal } from '../../../foundation/access/principal.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import type { CommonOptions } from '../common-options.ts'
import { terminal } from '../terminal.ts'
import { renderConfig, type InitAnswers } from './init-template.ts'

export interface InitOptions extends CommonOptions {
  readonly path?: string
  readonly readers?: string
  readonly users?: string
  readonly modelUrl?: string
  readonly modelName?: string
  readonly modelKeyEnv?: string
  readonly apiVersion?: string
  readonly force?: boolean
}

export async function init(options: InitOptions): Promise<void> {
  const file = resolve(options.config)
  if (existsSync(file) && options.force !== true)
    throw new TouchstoneError('ARGUMENT_INVALID', {
      details: { name: options.config, reason: 'it exists already; --force replaces it', command: 'init' },
    })
  const answers = terminal.interactive && options.json !== true ? await askForAnswers(options) : answersFromFlags(options)
  if (!existsSync(resolve(answers.path)))
    throw new TouchstoneError('SOURCE_PATH_MISSING', { details: { source: 'documents', path: resolve(answers.path) } })
  await writeFile(file, renderConfig(answers))
  if (options.json === true) return terminal.printJson({ config: file, ...answers })
  const shown = relative(process.cwd(), file)
  terminal.print(`Wrote ${shown}. It has a comment on every line worth changing.\n`)
  terminal.print(`  npx touchstone doctor                     check it`)
  terminal.print(`${`  npx touchstone ask "…" --as ${answers.users[0] ?? 'USER'}`.padEnd(42)}  ask at once`)
  terminal.print(`  npx touchstone start                      serve it`)
}

function answersFromFlags(options: InitOptions): InitAnswers {
  const readers = splitList(options.readers ?? 'everyone')
  readers.forEach(parsePrincipal)
  const { modelUrl, modelName } = options
  if ((modelUrl === undefined) !== (modelName === undefined))
    throw new TouchstoneError('ARGUMENT_INVALID', {
      details: { name: '--model-url', reason: 'goes together with --model-name', command: 'init' },
    })
  const keyEnv = options.modelKeyEnv === undefined ? {} : { keyEnv: options.modelKeyEnv }
  const apiVersion = options.apiVersion === undefined ? {} : { apiVersion: options.apiVersion }
  return {
    path: options.path ?? 'documents',
    readers,
    users: splitList(options.users ?? 'me'),
    ...(modelUrl === undefined || modelName === undefined
      ? {}
      : { model: { url: modelUrl, name: modelName, ...keyEnv, ...apiVersion } }),
  }
}

async function askForAnswers(options: InitOptions): Promise<InitAnswers> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const ask = async (question: string, given: string | undefined, fallback: string): Promise<string> =>
    given ?? ((await lines.question(`${question} [${fallback}] `)).trim() || fallback)
  try {
    const path = await ask('Which folder holds your documents?', options.path, 'documents')
    const users = await ask('Who are the users? (ids, separated by commas)', options.users, 'me')
    const readers = await ask('Who may read the documents? (everyone, user:ID, group:ID)', options.readers, 'everyone')
    const url = await ask(
      'Model endpoint (OpenAI-compatible or Azure URL; none: built-in extractive answerer)?',
      options.modelUrl,
      'none',
    )
    const asked = { ...options, path, users, readers }
    if (url === 'none') return answersFromFlags(asked)
    const modelName = await ask('Model name?', options.modelName, 'gpt-5-mini')
    const modelKeyEnv = await ask('Environment variable with the key?', options.modelKeyEnv, 'OPENAI_API_KEY')
    return answersFromFlags({ ...asked, modelUrl: url, modelName, modelKeyEnv })
  } finally {
    lines.close()
  }
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
