/** A leak put into the product on purpose, to prove that the prover sees it. Each is a wrapper or a spoiled state; src knows of none. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { KyselyPlugin, RootOperationNode, UnknownRow } from 'kysely'
import type { Foundation } from '../../../src/app/composition.ts'
import { createAccessControl } from '../../../src/foundation/access/access-control.ts'
import type { DocumentId } from '../../../src/contracts/identity.ts'
import type { Tampering } from '../product.ts'
import type { StageWatch } from '../stage-watch.ts'

export interface Plant {
  readonly id: string
  readonly tampering?: Tampering
  /** Only a company with hundreds of documents can show it. */
  readonly large?: true
  /** Spoils the copied state before it is opened. */
  readonly prepare?: (folder: string) => Promise<void>
}

/** The product's own access control over a database that answers wrongly. */
export function accessOver(plugin: KyselyPlugin): Tampering {
  return {
    around: () => ({
      foundation: (foundation) => ({
        ...foundation,
        access: foundation.externalDocuments.guard(createAccessControl(foundation.state.withPlugin(plugin), foundation.served)),
      }),
    }),
  }
}

/** Replaces parts of the statements that say them. A plant whose part no statement says any more is never found, and so noticed. */
export function changedSql(...changes: readonly (readonly [part: string, by: string])[]): KyselyPlugin {
  const change = (fragment: string): string => changes.reduce((text, [part, by]) => text.replace(part, by), fragment)
  return {
    transformQuery: ({ node }) => {
      if (node.kind !== 'RawNode') return node
      return { ...node, sqlFragments: node.sqlFragments.map(change) } as RootOperationNode
    },
    transformResult: async ({ result }) => result,
  }
}

export function changedRows(change: (row: UnknownRow) => UnknownRow): KyselyPlugin {
  return {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(change) }),
  }
}

export function spoiledState(...statements: readonly string[]): (folder: string) => Promise<void> {
  return async (folder) => {
    const state = new DatabaseSync(join(folder, 'state/state.sqlite'))
    try {
      for (const statement of statements) state.exec(statement)
    } finally {
      state.close()
    }
  }
}

/** The second lock says yes at these stages to our own documents, or to those that are meant, and what is loaded there seems to lie where the asker reads. */
export function lockOff(
  foundation: Foundation,
  watch: StageWatch,
  stages: readonly string[],
  isOf: (document: string) => boolean = isOwn,
): Foundation {
  const { access, documents } = foundation
  const isOff = (): boolean => stages.includes(watch.stage() ?? '')
  return {
    ...foundation,
    access: {
      ...access,
      readableNow: async (asker, asked) => {
        const opened = isOff() ? asked.filter(isOf) : []
        return new Set<DocumentId>([...opened, ...(await access.readableNow(asker, asked))])
      },
    },
    documents: {
      ...documents,
      load: async (tenant, wanted) => {
        const loaded = await documents.load(tenant, wanted)
        const scope = watch.asker()?.readable.ids[0]
        if (!isOff() || scope === undefined) return loaded
        return new Map(
          [...loaded].map(([id, found]) =>
            isOf(id) ? [id, { ...found, document: { ...found.document, scope: scope as never } }] : [id, found],
          ),
        )
      },
    },
  }
}

/** An external index answers with everything: without its lock a leak would show at the first look, whatever else is wrong. */
function isOwn(document: string): boolean {
  return !document.startsWith('annex:')
}
