/** What the answer spine is given: contracts only, implemented and wired by the composition. */
import type { AccessControl } from '../contracts/asker.ts'
import type { ConversationStore } from '../contracts/conversation.ts'
import type { ChatModels } from '../contracts/model-registry.ts'
import type { ReleaseManifest, ReleaseResolver } from '../contracts/release.ts'
import type { PassageFinder, QueryRewriter } from '../contracts/retrieval.ts'
import type { Tracer } from '../contracts/telemetry.ts'
import type { SupportChecker } from './guardrails/grounding/citation-check.ts'
import type { Prompts } from './prompts/catalog.ts'

export interface AnswerParts {
  readonly access: AccessControl
  readonly releases: ReleaseResolver
  readonly conversations: ConversationStore
  /** The rewriters that a release names, in its order. */
  readonly rewriters: (ids: readonly string[]) => readonly QueryRewriter[]
  readonly passages: PassageFinder
  readonly prompts: Prompts
  readonly models: ChatModels
  /** One for each request, asked about sentences that no rule supports; nothing when the release names none. */
  readonly openChecker: (manifest: ReleaseManifest) => SupportChecker | undefined
  readonly tracer: Tracer
  /** Unguessable, new at each call; delimits untrusted text in the prompt. */
  readonly nonce: () => string
}
