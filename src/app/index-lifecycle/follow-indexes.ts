/** What one index has been given since, every other one is given too. Knows which of them may wait; knows nothing of how rows are made. */
import { isTouchstoneError, messageOf } from '../../foundation/errors/touchstone-error.ts'
import { countNotes } from '../../foundation/storage/index-journal.ts'
import { listIndexes } from '../../foundation/storage/live-indexes.ts'
import type { Foundation, Knowledge } from '../composition.ts'
import { bringUp } from './bring-up.ts'

/**
 * Settles every index that does not serve. One that is still being built is only freed of what must go: filling it is not paid for
 * by whoever ingests. Nothing that goes wrong with one of them concerns the index that serves, so it is told and tried again later.
 */
export async function followIndexes(foundation: Foundation, knowledge: Knowledge, signal: AbortSignal): Promise<void> {
  const { state, tenant, log } = foundation
  for (const { name, role, compared } of await listIndexes(state, tenant)) {
    if (role === 'serving' || (compared && (await countNotes(state, tenant, name)) === 0)) continue
    const isBuilding = role === 'candidate' && !compared
    try {
      await bringUp(name, foundation, knowledge, { signal, removalsOnly: isBuilding })
    } catch (error) {
      if (signal.aborted) return
      if (isTouchstoneError(error, 'INDEX_EMBEDDING_MISSING'))
        await bringUp(name, foundation, knowledge, { signal, removalsOnly: true }).catch(tell)
      else tell(error)
    }
    function tell(error: unknown): void {
      // Whoever has it settles it.
      if (!isTouchstoneError(error, 'INDEX_BUSY')) log(`index ${name} could not follow: ${messageOf(error)}`)
    }
  }
}
