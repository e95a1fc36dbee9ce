/** What scorers are given: the rule by which answers are checked for support, configured models, and where commands run. Knows no scorer. */
import { dirname, extname, resolve } from 'node:path'
import type { ChatModel } from '../contracts/chat-model.ts'
import type { Passage } from '../contracts/document.ts'
import type { ScorerParts } from '../contracts/evaluation.ts'
import type { ChunkId, DocumentId, DocumentVersion } from '../contracts/identity.ts'
import { detectLanguage, loadLanguageDetector } from '../foundation/text/language.ts'
import { inheritedEnvironment } from './config-environment.ts'

/** @param suite its path: a folder, or a file in one */
export function composeScorerParts(suite: string, model: (name: string) => ChatModel): ScorerParts {
  const path = resolve(suite)
  return {
    supports,
    model,
    baseDirectory: extname(path) === '' ? path : dirname(path),
    environment: inheritedEnvironment(),
  }
}

/** All texts together state the claim, verbatim or by everything it says. */
async function supports(claim: string, texts: readonly string[]): Promise<boolean> {
  await loadLanguageDetector()
  // Most suites check no claims, and the rule brings the whole text analysis along.
  const { findSupport } = await import('../serving/guardrails/grounding/support.ts')
  const text = texts.join('\n\n')
  return findSupport(claim, passageOf(text)) !== undefined
}

/** A text alone, as the rule for passages takes it. */
function passageOf(text: string): Passage {
  return {
    chunk: 'evidence#0' as ChunkId,
    document: 'evidence' as DocumentId,
    version: '' as DocumentVersion,
    title: '',
    path: '',
    source: '',
    language: detectLanguage(text),
    headingPath: [],
    start: 0,
    end: text.length,
    text,
    metadata: {},
    modifiedAtMs: 0,
    score: 0,
  }
}
