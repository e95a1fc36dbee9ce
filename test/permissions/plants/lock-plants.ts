/** Each permission lock off by itself: what it guards must show. */
import { changedRows, lockOff, type Plant } from './plant.ts'

function withoutLock(id: string, ...stages: string[]): Plant {
  return { id, tampering: { around: (watch) => ({ foundation: (foundation) => lockOff(foundation, watch, stages) }) } }
}

export const lockPlants: readonly Plant[] = [
  withoutLock('the second lock of retrieval is off', 'retrieve'),
  withoutLock('sentences are not checked before they leave', 'check'),
  withoutLock('the concluded answer is not looked at once more', 'conclude'),
  withoutLock('a conversation remembers what was taken away', 'recall'),
  {
    id: 'a conversation goes on for whoever names it',
    tampering: {
      around: (watch) => ({
        foundation: (foundation) => {
          const own = changedRows((row) => ('user' in row && 'feature' in row ? { ...row, user: watch.asker()?.user } : row))
          return { ...foundation, state: foundation.state.withPlugin(own) }
        },
      }),
    },
  },
  {
    id: 'the text of a citation is opened without a lock',
    tampering: {
      application: (application) => ({
        ...application,
        documentText: async (caller, document, version) =>
          (await application.foundation.documents.versionText(application.tenant, document, version)) ??
          application.documentText(caller, document, version),
      }),
    },
  },
  {
    id: 'traces keep naming what was taken away',
    tampering: {
      application: (application) => ({
        ...application,
        traces: (caller, limit) =>
          application.foundation.traces.list(application.tenant, limit, caller === 'administrator' ? undefined : caller.user),
      }),
    },
  },
  {
    id: "somebody else's trace opens",
    tampering: {
      application: (application) => ({
        ...application,
        trace: async (caller, id) =>
          (await application.foundation.traces.get(application.tenant, id)) ?? application.trace(caller, id),
      }),
    },
  },
]
