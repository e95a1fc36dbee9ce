/** Wires what people do with indexes: build, list, compare, switch, go back, keep, remove. Knows the order of the steps of each. */
import { isTouchstoneError, messageOf, TouchstoneError } from '../foundation/errors/touchstone-error.ts'
import { createAuditLog } from '../foundation/storage/audit-repository.ts'
import { pinRelease } from '../foundation/storage/release-repository.ts'
import type { Foundation, Knowledge } from './composition.ts'
import type { BringUpRun } from './index-lifecycle/bring-up.ts'
import { discardRetired, retireIndexes } from './index-lifecycle/collect-indexes.ts'
import { compareIndexes, type ComparisonRun, type IndexComparison, type Judgements } from './index-comparison/compare-indexes.ts'
import { buildConfigured, describeStanding, followConfiguration } from './index-lifecycle/follow-configuration.ts'
import { resolveIndex, summariseIndexes, type IndexSummary } from './index-lifecycle/index-summary.ts'
import { bringUp } from './index-lifecycle/bring-up.ts'
import { requireQuality, type QualityVerdict } from './index-comparison/require-quality.ts'
import { previousIndex, switchIndex, type SwitchReport } from './index-lifecycle/switch-index.ts'
import { takeIngestLease } from './ingest-lease.ts'

export interface SwitchRequest extends BringUpRun {
  /** Otherwise those of the configuration, where it names some. */
  readonly judgements?: Judgements
  /** Switches whatever they say. */
  readonly force: boolean
}

export interface IndexLifecycle {
  /** One line for people; nothing where the configured index serves. */
  indexStanding(): Promise<string | undefined>
  /** What the configuration says comes to serve, unless a person decides that. @throws as `buildIndex`, `switchIndex` */
  followConfiguration(run: BringUpRun): Promise<SwitchReport | undefined>
  /** The same beside everything else, again after a failure, until it serves or the signal aborts. */
  keepFollowing(signal: AbortSignal): Promise<void>
  /** @param wanted one that is there; the configured one when absent @throws TouchstoneError INDEX_UNKNOWN, INDEX_BUSY, INDEX_EMBEDDING_MISSING, DISK_FULL */
  buildIndex(wanted: string | undefined, run: BringUpRun): Promise<IndexSummary>
  indexes(): Promise<readonly IndexSummary[]>
  compareIndexes(first: string, second: string, run: ComparisonRun): Promise<IndexComparison>
  /** @throws TouchstoneError INDEX_UNKNOWN, INDEX_BEHIND, INDEX_WORSE, INDEX_EMBEDDING_MISSING */
  switchIndex(wanted: string, request: SwitchRequest): Promise<SwitchReport & { readonly quality?: QualityVerdict }>
  /** Back to the one that served before. */
  rollbackIndex(run: BringUpRun): Promise<SwitchReport>
  /** Removes what nobody can come back to. @returns what it was, and the room it took; `later`: queries may still be under way there */
  pruneIndexes(): Promise<{ readonly retired: readonly string[]; readonly freedBytes: number; readonly later: boolean }>
  /** @param release its id, or how it begins @throws TouchstoneError RELEASE_UNKNOWN */
  pinRelease(release: string, pinned: boolean): Promise<string>
}

const RETRY_MS = 60_000

export function composeIndexLifecycle(foundation: Foundation, knowledge: Knowledge): IndexLifecycle {
  const { state, tenant, clock, log, loaded } = foundation
  return {
    indexStanding: () => describeStanding(foundation, knowledge),
    followConfiguration: follow,
    keepFollowing: async (signal) => {
      for (;;) {
        try {
          const report = await follow({ signal })
          if (report !== undefined) log(`the index ${report.serving} serves now; ${report.previous} is kept for the way back`)
          return
        } catch (error) {
          if (signal.aborted) return
          log(`the configured index does not serve yet: ${messageOf(error)}`)
          // Measured again it would be as good as it was.
          if (isTouchstoneError(error, 'INDEX_WORSE')) return
        }
        await clock.sleep(RETRY_MS, signal)
        if (signal.aborted) return
      }
    },
    buildIndex: async (wanted, run) => {
      const known = wanted === undefined ? undefined : (await resolveIndex(wanted, foundation)).name
      const name = known ?? (await buildConfigured(foundation, knowledge, run))
      if (known !== undefined) await bringUp(known, foundation, knowledge, run)
      return summaryOf(name)
    },
    indexes: () => summariseIndexes(foundation, knowledge),
    compareIndexes: (first, second, run) => compareIndexes([first, second], foundation, knowledge, run),
    switchIndex: async (wanted, { judgements = loaded.config.index.judgements, force, ...run }) => {
      const { name, role } = await resolveIndex(wanted, foundation)
      const isChecked = judgements !== undefined && !force && role !== 'serving'
      const quality = isChecked ? await checkQuality(name, judgements, run) : undefined
      const report = await switchIndex(name, foundation, knowledge, { ...run, action: 'switch' })
      return quality === undefined ? report : { ...report, quality }
    },
    rollbackIndex: async (run) =>
      switchIndex(await previousIndex(foundation), foundation, knowledge, { ...run, action: 'rollback' }),
    pruneIndexes: () => pruneIndexes(),
    pinRelease: async (release, pinned) => {
      const [id, ...others] = await pinRelease(state, tenant, release, pinned)
      if (id === undefined || others.length > 0) throw new TouchstoneError('RELEASE_UNKNOWN', { details: { release } })
      const action = pinned ? 'release.pin' : 'release.unpin'
      await createAuditLog(state, clock).append({ tenant, actor: 'command-line', action, target: id })
      return id
    },
  }

  function follow(run: BringUpRun): Promise<SwitchReport | undefined> {
    const { judgements } = loaded.config.index
    return followConfiguration(foundation, knowledge, run, async (name) => {
      if (judgements !== undefined) await checkQuality(name, judgements, run)
    })
  }

  /** Settings of retrieval may differ by feature; the first one stands for all. @throws TouchstoneError INDEX_WORSE */
  async function checkQuality(name: string, judgements: Judgements, { signal, onProgress }: BringUpRun): Promise<QualityVerdict> {
    const [feature = ''] = Object.keys(loaded.config.features)
    const run = { judgements, feature, signal, ...(onProgress === undefined ? {} : { onProgress }) }
    return requireQuality(await compareIndexes(['serving', name], foundation, knowledge, run))
  }

  async function summaryOf(name: string): Promise<IndexSummary> {
    const found = (await summariseIndexes(foundation, knowledge)).find(({ index }) => index === name)
    if (found === undefined) throw new TouchstoneError('INDEX_UNKNOWN', { details: { index: name } })
    return found
  }

  async function pruneIndexes(): ReturnType<IndexLifecycle['pruneIndexes']> {
    const lease = await takeIngestLease(foundation.store, tenant, foundation)
    try {
      const before = await summariseIndexes(foundation, knowledge)
      const retired = await retireIndexes(foundation)
      const discarded = await discardRetired(foundation, knowledge)
      const freed = before.filter(({ index }) => retired.includes(index))
      const isGone = (index: string): boolean => discarded.some((name) => name.startsWith(index))
      return {
        retired: [...new Set([...retired, ...discarded])],
        freedBytes: freed.filter(({ index }) => isGone(index)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        later: freed.some(({ index }) => !isGone(index)),
      }
    } finally {
      await lease.release()
    }
  }
}
