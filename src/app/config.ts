/** The configuration: its shape, its defaults, and every field's meaning. Knows nothing of files or the environment. */
import { z } from 'zod'

const identifier = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/i,
    'use letters, digits, dot, dash and underscore, at most 63, beginning with a letter or digit',
  )
const positive = z.number().int().positive()

/** A secret is never written into the configuration: it names the environment variable that holds it. */
const secret = z.strictObject({ env: z.string().min(1) })

const modelSchema = z.strictObject({
  /** Base URL of an OpenAI-compatible API, e.g. https://api.openai.com/v1, or an Azure deployment's URL. */
  url: z.url({ protocol: /^https?$/ }),
  /** Model name, pinned to a version where the provider has them. */
  model: z.string().min(1),
  apiKey: secret.optional(),
  /** Azure OpenAI: sent as api-version, and the key goes into the api-key header. */
  apiVersion: z.string().optional(),
  timeoutMs: positive.default(60_000),
  headers: z.record(z.string(), z.string()).default({}),
  /** Nano-USD per token (1 USD per million tokens = 1,000). */
  prices: z.strictObject({ inputNanoUsdPerToken: z.number().min(0), outputNanoUsdPerToken: z.number().min(0) }).optional(),
})

const retrievalSchema = z.strictObject({
  /** Passages handed to the prompt. */
  passages: z.number().int().min(1).max(50).default(12),
  /** Candidates taken from each first-stage list. */
  candidates: z.number().int().min(10).max(1_000).default(100),
  /** Share of the document list in the fusion with the chunk list. */
  documentWeight: z.number().min(0).max(1).default(0.5),
  rerankers: z.array(z.string()).default(['proximity']),
  queryRewriters: z.array(z.string()).default(['conversation']),
})

const policySchema = z.strictObject({
  /** A sentence that nothing supports: drop it, or show it marked. */
  unsupported: z.enum(['drop', 'mark']).default('drop'),
  /** Streams send sentences when they are checked (strict), or as they come, confirmed or retracted later (provisional). */
  streaming: z.enum(['strict', 'provisional']).default('strict'),
  maxQuestionLength: positive.max(100_000).default(4_000),
  maxSentences: positive.max(100).default(8),
  /** Whom to ask when there is no answer. */
  contact: z.string().default('the owner of the documents'),
})

const featureSchema = z.strictObject({
  /** Prompt as id@version. */
  prompt: z.string().default('answer-with-citations@1'),
  /** `builtin/extractive` needs no model; otherwise a name under models. */
  model: z.string().default('builtin/extractive'),
  retrieval: retrievalSchema.prefault({}),
  policy: policySchema.prefault({}),
})

const accessSchema = z.strictObject({
  users: z
    .record(
      identifier,
      z.strictObject({
        name: z.string().optional(),
        groups: z.array(identifier).default([]),
        disabled: z.boolean().default(false),
      }),
    )
    .default({}),
  groups: z
    .record(identifier, z.strictObject({ name: z.string().optional(), parents: z.array(identifier).default([]) }))
    .default({}),
  /** CSV with the columns id, name, groups (separated by ;), disabled. */
  usersCsv: z.string().optional(),
  /** CSV with the columns id, name, parents (separated by ;). */
  groupsCsv: z.string().optional(),
})

const ingestionSchema = z.strictObject({
  /** Parser processes; each holds one document at a time. */
  parserProcesses: z.number().int().min(1).max(64).default(2),
  parserTimeoutMs: positive.default(30_000),
  parserMemoryMb: positive.default(512),
  limits: z
    .strictObject({
      maxTextLength: positive.default(20_000_000),
      maxInflatedBytes: positive.default(200_000_000),
      maxPages: positive.default(5_000),
    })
    .prefault({}),
  /** Look at sources again when they say that they changed. */
  watch: z.boolean().default(true),
  /** Look at every source again at least this often while the server runs. */
  refreshMinutes: z.number().positive().default(15),
})

const serverSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(7400),
  maxBodyBytes: positive.default(1_048_576),
  requestTimeoutMs: positive.default(60_000),
  requestsPerMinute: positive.default(600),
  auth: z
    .strictObject({
      /** Whose signed tokens (JWT) are trusted. */
      issuer: z
        .strictObject({
          issuer: z.url(),
          jwksUrl: z.url().exactOptional(),
          audience: z.string().min(1),
          userClaim: z.string().default('sub'),
          groupsClaim: z.string().exactOptional(),
        })
        .exactOptional(),
    })
    .prefault({}),
})

export const configSchema = z.strictObject({
  tenant: identifier.default('main'),
  /** What is read: each source has a kind (folder) and that kind's options. */
  sources: z.record(identifier, z.looseObject({ kind: z.string() })).default({}),
  models: z.record(identifier, modelSchema).default({}),
  features: z.record(identifier, featureSchema).default({ answers: featureSchema.parse({}) }),
  access: accessSchema.prefault({}),
  ingestion: ingestionSchema.prefault({}),
  telemetry: z
    .strictObject({
      retentionDays: z.number().positive().default(30),
      maxTraces: positive.default(100_000),
      /** Whether the text of questions is kept in traces. */
      storeQuestions: z.boolean().default(true),
    })
    .prefault({}),
  server: serverSchema.prefault({}),
})

/** What a configuration file may say. */
export type TouchstoneConfig = z.input<typeof configSchema>
/** The same with every default filled in. */
export type ResolvedConfig = z.output<typeof configSchema>

/** Types a configuration file; changes nothing. */
export function defineConfig(config: TouchstoneConfig): TouchstoneConfig {
  return config
}
