/** The text of a new configuration file. */
export interface InitAnswers {
  readonly path: string
  readonly readers: readonly string[]
  readonly users: readonly string[]
  readonly model?: { readonly url: string; readonly name: string; readonly keyEnv?: string; readonly apiVersion?: string }
}

export function renderConfig(answers: InitAnswers): string {
  const { model } = answers
  const groups = answers.readers.filter((reader) => reader.startsWith('group:')).map((reader) => reader.slice('group:'.length))
  const users = answers.users.map((user) => `      ${quote(user)}: { groups: [${groups.map(quote).join(', ')}] },`).join('\n')
  return `/** What Touchstone reads, who may read it, and which model answers. \`npx touchstone doctor\` checks this file. */
import { defineConfig } from 'touchstone'

export default defineConfig({
  // Where documents come from. Folders below may carry an access.yaml with their own readers;
  // the nearest one wins, and a document that no rule covers is read by nobody.
  sources: {
    documents: {
      kind: 'folder',
      path: ${quote(answers.path)},
      access: [{ path: '**', readers: [${answers.readers.map(quote).join(', ')}] }],
    },
  },

  // Who there is. A group may be in further groups: groups: { legal: { parents: ['staff'] } }.
  // Instead of listing people here: usersCsv and groupsCsv, the API, or tokens of your identity provider.
  access: {
    users: {
${users}
    },
  },
${model === undefined ? EXTRACTIVE : renderModel(model)}
  // The HTTP server. Beyond this machine (host: '0.0.0.0') it asks for keys (npx touchstone keys create)
  // or for the issuer of your tokens.
  server: {
    host: '127.0.0.1',
    port: 7400,
    // auth: { issuer: { issuer: 'https://login.example.com/', audience: 'touchstone' } },
  },
})
`
}

const EXTRACTIVE = `
  // Without a model, answers are sentences taken from the documents. For a model, any OpenAI-compatible endpoint:
  // models: { main: { url: 'https://api.openai.com/v1', model: 'gpt-5-mini', apiKey: { env: 'OPENAI_API_KEY' } } },
  features: {
    answers: {
      model: 'builtin/extractive',
      policy: { contact: 'the owner of the documents' },
    },
  },
`

function renderModel(model: NonNullable<InitAnswers['model']>): string {
  const key =
    model.keyEnv === undefined
      ? ''
      : `\n      // The key stays in the environment.\n      apiKey: { env: ${quote(model.keyEnv)} },`
  const version = model.apiVersion === undefined ? '' : `\n      apiVersion: ${quote(model.apiVersion)},`
  return `
  models: {
    main: {
      url: ${quote(model.url)},
      model: ${quote(model.name)},${key}${version}
    },
  },

  features: {
    answers: {
      model: 'main',
      // Sentences that nothing in the cited passages supports: 'drop' them, or 'mark' them.
      policy: { unsupported: 'drop', contact: 'the owner of the documents' },
    },
  },
`
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`
}
