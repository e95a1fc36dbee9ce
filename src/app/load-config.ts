/** Finds, loads and validates the configuration file, and reads secrets from the environment. All problems are told at once. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { DirectoryGroup, DirectoryUser } from '../contracts/principal-directory.ts'
import type { SynonymRule } from '../contracts/release.ts'
import { PRINCIPAL_NAME } from '../foundation/access/principal.ts'
import { messageOf, TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { connectorCatalog } from '../knowledge/connectors/catalog.ts'
import { queryRewriterCatalog } from '../knowledge/retrieval/query/catalog.ts'
import { rerankerCatalog } from '../knowledge/retrieval/rerankers/catalog.ts'
import { promptCatalog } from '../serving/prompts/catalog.ts'
import { promptReference } from '../serving/prompts/prompt-template.ts'
import { chunkerProblems } from './configured-chunker.ts'
import { externalProblems } from './external-indexes.ts'
import { readSynonyms } from './read-synonyms.ts'
import { configSchema, connectorOptions, STATIC_EMBEDDING, type ResolvedConfig } from './config.ts'

export interface LoadedConfig {
  readonly path: string
  /** Relative paths of the configuration start here. */
  readonly baseDirectory: string
  readonly config: ResolvedConfig
  readonly users: readonly DirectoryUser[]
  readonly groups: readonly DirectoryGroup[]
  /** Each feature's own. */
  readonly synonyms?: Readonly<Record<string, readonly SynonymRule[]>>
}

export const DEFAULT_CONFIG_FILE = 'touchstone.config.ts'

/** @throws TouchstoneError CONFIG_MISSING, CONFIG_FAILED, CONFIG_INVALID */
export async function loadConfig(file: string = DEFAULT_CONFIG_FILE): Promise<LoadedConfig> {
  const path = resolve(file)
  if (!existsSync(path)) throw new TouchstoneError('CONFIG_MISSING', { details: { path } })
  return checkConfig(await importConfig(path), path)
}

/** @param content what the file at `path` exports @throws TouchstoneError CONFIG_INVALID with all problems */
export async function checkConfig(content: unknown, path: string): Promise<LoadedConfig> {
  const baseDirectory = dirname(path)
  const parsed = configSchema.safeParse(content)
  const { sources, features, models, access, retrievers } = soundParts(content)
  const people = await readPeople(access, baseDirectory)
  const synonyms = await readSynonyms(features, baseDirectory)
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map(describeIssue)),
    ...sourceProblems(sources),
    ...(models === undefined ? [] : featureProblems(features, models)),
    ...(parsed.success ? [...embeddingProblems(parsed.data), ...chunkerProblems(parsed.data.index.chunker)] : []),
    ...externalProblems(retrievers, sources, features),
    ...people.problems,
    ...synonyms.problems,
  ]
  if (!parsed.success || problems.length > 0) throw invalid(path, problems)
  return { path, baseDirectory, config: parsed.data, users: people.users, groups: people.groups, synonyms: synonyms.rules }
}

type Checked = Pick<ResolvedConfig, 'sources' | 'features' | 'access' | 'retrievers'> & {
  readonly models: ResolvedConfig['models'] | undefined
}

/** What of the configuration can be looked at more closely although another part is wrong; parts that are wrong themselves are empty. */
function soundParts(content: unknown): Checked {
  const { sources, features, models, access, retrievers } = configSchema.shape
  const part = (name: string): unknown =>
    content !== null && typeof content === 'object' ? Object.entries(content).find(([key]) => key === name)?.[1] : undefined
  return {
    sources: sources.safeParse(part('sources')).data ?? {},
    features: features.safeParse(part('features')).data ?? {},
    retrievers: retrievers.safeParse(part('retrievers')).data ?? {},
    models: models.safeParse(part('models')).data,
    access: access.safeParse(part('access')).data ?? access.parse({}),
  }
}

/** The value of an environment variable that the configuration names. */
export function readSecret(reference: { readonly env: string } | undefined): string | undefined {
  return reference === undefined ? undefined : process.env[reference.env]
}

async function importConfig(path: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = (await import(pathToFileURL(path).href)) as { default?: unknown }
    return module.default
  } catch (error) {
    throw new TouchstoneError('CONFIG_FAILED', { details: { path, reason: locatedMessage(error, path) }, cause: error })
  }
}

/** Node says the line of a slip in the stack alone. */
function locatedMessage(error: unknown, path: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const line = /^:(\d+)/.exec(stack.slice(stack.indexOf(path) + path.length))?.[1]
  return !stack.includes(path) || line === undefined ? messageOf(error) : `line ${line}: ${messageOf(error)}`
}

function invalid(path: string, problems: readonly string[]): TouchstoneError {
  const text = problems.map((problem) => `  - ${problem}`).join('\n')
  return new TouchstoneError('CONFIG_INVALID', { details: { path, count: problems.length, problems: text } })
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.')
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  return `${place === '' ? 'the configuration' : place}: ${isMissing ? `is missing; it takes a ${issue.expected}` : issue.message}`
}

function sourceProblems(sources: ResolvedConfig['sources']): string[] {
  return Object.entries(sources).flatMap(([id, source]) => {
    const { kind } = source
    const connector = connectorCatalog.find((extension) => extension.id === kind)
    const known = connectorCatalog.map((extension) => extension.id).join(', ')
    if (connector === undefined) return [`sources.${id}.kind: there is no connector "${kind}"; known: ${known}`]
    try {
      connector.parseOptions(connectorOptions(source))
      return []
    } catch (error) {
      if (error instanceof z.ZodError)
        return error.issues.map((issue) => describeIssue({ ...issue, path: ['sources', id, ...issue.path] }))
      return [`sources.${id}: ${messageOf(error)}`]
    }
  })
}

function featureProblems(features: ResolvedConfig['features'], models: ResolvedConfig['models']): string[] {
  return Object.entries(features).flatMap(([id, feature]) => [
    ...unknownNames(`features.${id}.model`, [feature.model], ['builtin/extractive', ...Object.keys(models)]),
    ...unknownNames(`features.${id}.checker`, feature.checker === undefined ? [] : [feature.checker], Object.keys(models)),
    ...unknownNames(`features.${id}.retrieval.rerankers`, withoutFiles(feature.retrieval.rerankers), idsOf(rerankerCatalog)),
    ...unknownNames(`features.${id}.retrieval.queryRewriters`, feature.retrieval.queryRewriters, idsOf(queryRewriterCatalog)),
    ...unknownNames(`features.${id}.prompt`, [feature.prompt], promptCatalog.map(promptReference)),
  ])
}

function embeddingProblems({ index, embeddings }: ResolvedConfig): string[] {
  const known = [STATIC_EMBEDDING, ...Object.keys(embeddings)]
  return index.embedding === null ? [] : unknownNames('index.embedding', [index.embedding], known)
}

/** `learned:FILE` names a model; whether it can be read shows when it is. */
function withoutFiles(rerankers: readonly string[]): readonly string[] {
  return rerankers.filter((name) => !name.startsWith('learned:'))
}

function unknownNames(setting: string, names: readonly string[], known: readonly string[]): string[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => `${setting}: there is no "${name}"; known: ${known.join(', ')}`)
}

function idsOf(catalog: readonly { readonly id: string }[]): string[] {
  return catalog.map((extension) => extension.id)
}

interface People {
  readonly users: DirectoryUser[]
  readonly groups: DirectoryGroup[]
  readonly problems: string[]
}

async function readPeople(access: ResolvedConfig['access'], baseDirectory: string): Promise<People> {
  const people: People = {
    users: Object.entries(access.users).map(([id, user]) => ({
      id,
      name: user.name ?? id,
      disabled: user.disabled,
      groups: user.groups,
    })),
    groups: Object.entries(access.groups).map(([id, group]) => ({ id, name: group.name ?? id, parents: group.parents })),
    problems: [],
  }
  const userRow = z.object({ id: identifierField, name: z.string().optional(), groups: listField, disabled: booleanField })
  const groupRow = z.object({ id: identifierField, name: z.string().optional(), parents: listField })
  for (const row of await readCsv(access.usersCsv, 'access.usersCsv', baseDirectory, userRow, people.problems))
    people.users.push({ ...row, name: row.name ?? row.id })
  for (const row of await readCsv(access.groupsCsv, 'access.groupsCsv', baseDirectory, groupRow, people.problems))
    people.groups.push({ ...row, name: row.name ?? row.id })
  for (const [kind, list] of [['user', people.users] as const, ['group', people.groups] as const]) {
    const seen = new Set<string>()
    for (const { id } of list)
      if (seen.size === seen.add(id).size) people.problems.push(`access: the ${kind} "${id}" stands twice`)
  }
  return people
}

const identifierField = z.string().regex(PRINCIPAL_NAME, 'an id has no white space, comma, semicolon or colon')
const listField = z
  .string()
  .default('')
  .transform((text) => text.split(';').map((part) => part.trim()))
  .transform((parts) => parts.filter((part) => part !== ''))
const booleanField = z
  .enum(['true', 'false', '1', '0', 'yes', 'no', ''])
  .default('')
  .transform((text) => ['true', '1', 'yes'].includes(text))

async function readCsv<Row>(
  file: string | undefined,
  setting: string,
  baseDirectory: string,
  schema: z.ZodType<Row>,
  problems: string[],
): Promise<Row[]> {
  if (file === undefined) return []
  try {
    const text = await readFile(resolve(baseDirectory, file), 'utf8')
    const { parse: parseCsv } = await import('csv-parse/sync')
    const rows: unknown[] = parseCsv(text, { columns: true, bom: true, skip_empty_lines: true, trim: true })
    return rows.flatMap((row, index) => {
      const parsed = schema.safeParse(row)
      if (parsed.success) return [parsed.data]
      problems.push(
        ...parsed.error.issues.map((issue) => `${setting} line ${index + 2}, ${issue.path.join('.')}: ${issue.message}`),
      )
      return []
    })
  } catch (error) {
    problems.push(`${setting}: ${messageOf(error)}`)
    return []
  }
}
