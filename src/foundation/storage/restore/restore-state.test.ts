/** For any permissions, backups, losses and restores: nobody ever reads what the newest known permission denies, and nothing stays closed for ever. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { openSqliteState } from '../../../adapters/sqlite/open-sqlite-state.ts'
import { saveSqliteState } from '../../../adapters/sqlite/save-sqlite-state.ts'
import type { AccessControl } from '../../../contracts/asker.ts'
import type { DocumentIndex } from '../../../contracts/document-index.ts'
import type { DocumentId, PrincipalId, TenantId } from '../../../contracts/identity.ts'
import { ingestDocuments } from '../../../knowledge/ingest-documents.ts'
import { headingPathChunker } from '../../../knowledge/ingestion/chunkers/heading-path.ts'
import type { IngestParts, IngestSource } from '../../../knowledge/ingestion/ingest-parts.ts'
import { generousLimits } from '../../../testing/parser-suite.ts'
import { markdown } from '../../../knowledge/ingestion/parsers/markdown.ts'
import { createAccessControl } from '../../access/access-control.ts'
import { createServedSources, type ServedSources } from '../../access/served-sources.ts'
import { createPrincipalDirectory } from '../../access/principal-directory.ts'
import { systemClock } from '../../concurrency/clock.ts'
import { isTouchstoneError } from '../../errors/touchstone-error.ts'
import { createDocumentReader } from '../document-repository.ts'
import { readGeneration, setGeneration } from '../generations.ts'
import { liftRestoreMark } from '../restore-marks.ts'
import type { StateDatabase } from '../state-schema.ts'
import { restoreState, stageTexts } from './restore-state.ts'

const RUNS = Number(process.env['TOUCHSTONE_RUNS'] ?? 40)
const TENANT = 'main' as TenantId
const USERS = ['ann', 'bob']
const GROUPS = ['hr', 'law']
const READERS = ['everyone', 'group:hr', 'group:law', 'user:ann'] as const
const PATHS = ['a.md', 'b.md', 'c.md']

interface Page {
  readonly text: string
  readonly reader: string
}
interface Person {
  readonly disabled: boolean
  readonly groups: readonly string[]
}
type Command =
  | { readonly kind: 'write'; readonly path: string; readonly revision: number; readonly reader: string }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'person'; readonly id: string; readonly person: Person }
  | { readonly kind: 'restore'; readonly which: number }
  | { readonly kind: 'sync' | 'backup' | 'lose' | 'confirm' }

const path = fc.constantFrom(...PATHS)
const write = fc.record({ kind: fc.constant('write' as const), path, revision: fc.nat(2), reader: fc.constantFrom(...READERS) })
const put = fc.record({
  kind: fc.constant('person' as const),
  id: fc.constantFrom(...USERS),
  person: fc.record({ disabled: fc.boolean(), groups: fc.subarray(GROUPS) }),
})
const single = <Kind extends string>(kind: Kind): fc.Arbitrary<{ kind: Kind }> => fc.constant({ kind })
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: write },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), path }) },
  { weight: 2, arbitrary: put },
  { weight: 4, arbitrary: single('sync') },
  { weight: 2, arbitrary: single('backup') },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('restore' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: single('lose') },
  { weight: 1, arbitrary: single('confirm') },
)
/** Somebody reads something and it is backed up, so that every run has what it can get wrong. */
const BEGINNING: readonly Command[] = [
  ...USERS.map((id) => ({ kind: 'person', id, person: { disabled: false, groups: GROUPS } }) as const),
  ...PATHS.map((name, at) => ({ kind: 'write', path: name, revision: 0, reader: READERS[at] ?? '' }) as const),
  { kind: 'sync' },
  { kind: 'backup' },
]

/** Every source is connected and may be of any age: only a restore withholds. */
const served = (state: StateDatabase): ServedSources =>
  createServedSources(state, systemClock, { isConfigured: () => true, maxLagMs: () => undefined })

interface Backup {
  readonly file: string
  readonly lineage: number
  readonly people: ReadonlyMap<string, Person>
}

/** The program beside what it was told: the source as it is, the source as it was last read, and people as they were last put. */
class World {
  readonly folder: string
  state: StateDatabase
  file: string
  readonly source = new Map<string, Page>()
  /** What the last reading found; after a loss, nothing is known until the next. */
  known = new Map<string, Page>()
  people = new Map<string, Person>()
  confirmed = true
  lineage = 1
  readonly backups: Backup[] = []
  /** One for a state's whole life, as a server has it: what it remembers must not outlive a restore. */
  access: AccessControl
  #files = 0

  constructor(folder: string, file: string, state: StateDatabase) {
    this.folder = folder
    this.file = file
    this.state = state
    this.access = createAccessControl(state, served(state))
  }

  static async open(folder: string): Promise<World> {
    const file = join(folder, 'state-0.sqlite')
    return new World(folder, file, await openSqliteState(file))
  }

  async run(next: Command): Promise<void> {
    if (next.kind === 'write') this.source.set(next.path, { text: `${next.path} ${next.revision}`, reader: next.reader })
    else if (next.kind === 'delete') this.source.delete(next.path)
    else if (next.kind === 'person') await this.putPerson(next.id, next.person)
    else if (next.kind === 'sync') await this.sync()
    else if (next.kind === 'backup') await this.backUp()
    else if (next.kind === 'restore') await this.restore(this.backups[next.which % Math.max(1, this.backups.length)])
    else if (next.kind === 'lose') await this.lose()
    else if (await liftRestoreMark(this.state, TENANT, ['directory'], '')) this.confirmed = true
  }

  async putPerson(id: string, person: Person): Promise<void> {
    await createPrincipalDirectory(this.state).putUser(TENANT, { id, name: id, ...person }, 'api')
    this.people.set(id, person)
  }

  async sync(): Promise<void> {
    await ingestDocuments({ source: this.#source(), onProgress: () => {}, signal: new AbortController().signal }, this.#parts())
    this.known = new Map(this.source)
  }

  async backUp(): Promise<void> {
    if ((await readGeneration(this.state, TENANT, 'lineage')) === 0)
      await setGeneration(this.state, TENANT, 'lineage', this.#newLineage())
    const file = join(this.folder, `backup-${++this.#files}.sqlite`)
    await saveSqliteState(this.file, file)
    this.backups.push({ file, lineage: this.lineage, people: new Map(this.people) })
  }

  async restore(backup: Backup | undefined): Promise<void> {
    if (backup === undefined) return
    const from = await openSqliteState(backup.file)
    const plan = { from, to: this.state, tenant: TENANT, nowMs: 1, lineage: 0, indexEpoch: 1, keptKinds: new Set<string>() }
    await stageTexts(plan, () => {})
    const isContinued = backup.lineage === this.lineage
    const restored = await restoreState(isContinued ? plan : { ...plan, lineage: this.#newLineage() })
    await from.destroy()
    assert.equal(restored.continued, isContinued)
    if (isContinued) return
    for (const [id, person] of backup.people) {
      if (this.people.has(id)) continue
      this.people.set(id, person)
      this.confirmed = false
    }
  }

  async lose(): Promise<void> {
    await this.state.destroy()
    this.file = join(this.folder, `state-${++this.#files}.sqlite`)
    this.state = await openSqliteState(this.file)
    this.access = createAccessControl(this.state, served(this.state))
    this.lineage = -this.#files
    this.known = new Map()
    this.people = new Map()
    this.confirmed = true
  }

  /** What each user can open: path to text. */
  async readable(user: string): Promise<Map<string, string>> {
    const documents = createDocumentReader(this.state)
    const caller = { tenant: TENANT, user }
    const ids = PATHS.map((name) => `docs:${name}` as DocumentId)
    try {
      const { readable } = await this.access.authorise(caller)
      const open = await this.access.readableNow(caller, ids)
      const loaded = await documents.load(TENANT, [...open])
      for (const { document } of loaded.values()) assert(readable.ids.includes(document.scope), 'the two locks disagree')
      return new Map([...loaded.values()].map(({ document, text }) => [document.path, text]))
    } catch (error) {
      if (isTouchstoneError(error, 'USER_UNKNOWN') || isTouchstoneError(error, 'USER_DISABLED')) return new Map()
      throw error
    }
  }

  /** What the newest known permission allows. */
  allowed(user: string): Map<string, string> {
    const person = this.people.get(user)
    if (person === undefined || person.disabled || !this.confirmed) return new Map()
    const held = new Set(['everyone', `user:${user}`, ...person.groups.map((group) => `group:${group}`)])
    return new Map([...this.known].filter(([, page]) => held.has(page.reader)).map(([name, page]) => [name, page.text]))
  }

  async assertClosed(after: string): Promise<void> {
    for (const user of USERS) {
      const allowed = this.allowed(user)
      for (const [name, text] of await this.readable(user))
        assert.equal(text, allowed.get(name), `${after}: ${user} reads ${name}`)
    }
  }

  #newLineage(): number {
    this.lineage = 1_000 + ++this.#files
    return this.lineage
  }

  #source(): IngestSource {
    const pages = this.source
    return {
      id: 'docs',
      kind: 'test',
      connector: {
        list: async function* () {
          for (const [name, { text, reader }] of pages) {
            const access = [{ place: `reader:${reader}`, declaration: { all: [{ any: [reader as PrincipalId] }] } }]
            yield { path: name, changeMark: text, sizeBytes: text.length, modifiedAtMs: 1, access }
          }
        },
        fetch: async ({ path: name }) => new TextEncoder().encode(pages.get(name)?.text),
      },
    }
  }

  #parts(): IngestParts {
    const chunker = headingPathChunker.create(headingPathChunker.parseOptions({}), {})
    const parser: IngestParts['parser'] = {
      parserFor: () => ({ id: 'markdown', version: 1, mediaType: 'text/markdown' }),
      parse: (name, bytes) =>
        markdown.create(markdown.parseOptions({}) as never, {}).parse({ path: name, bytes, limits: generousLimits }),
      close: async () => {},
    }
    const analysis = { terms: (): readonly string[] => [] }
    const shared = { tenant: TENANT, definition: 'd1', reading: 'r1', clock: systemClock, concurrency: 1 }
    return { state: this.state, index: nothingIndexed, chunker, parser, analysis, ...shared }
  }
}

/** Which permissions hold is the state's to say; what the index finds is not asked here. */
const nothingIndexed: DocumentIndex = {
  upsert: async () => {},
  deleteDocuments: async () => {},
  moveScope: async () => {},
  searchLexical: async () => [],
  chunksOf: async () => [],
  optimise: async () => {},
  snapshot: async () => {},
  restore: async () => {},
  inventory: async () => [],
  stats: async () => ({ records: { chunks: 0, documents: 0 }, sizeBytes: 0 }),
  close: async () => {},
}

test(
  'nobody ever reads what the newest known permission denies, whatever is backed up, lost and restored [A4, I4]',
  { timeout: 60_000 + RUNS * 2_000 },
  async () => {
    let readings = 0
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 12 }), async (commands) => {
        const folder = await mkdtemp(join(tmpdir(), 'touchstone-restore-'))
        const world = await World.open(folder)
        try {
          for (const [at, next] of [...BEGINNING, ...commands].entries()) {
            await world.run(next)
            await world.assertClosed(`after ${at} ${next.kind}`)
          }
          // And nothing stays closed for ever: read again and confirmed, everybody reads exactly what they may.
          await world.run({ kind: 'confirm' })
          await world.sync()
          for (const user of USERS) {
            const readable = await world.readable(user)
            assert.deepEqual([...readable].sort(), [...world.allowed(user)].sort())
            readings += readable.size
          }
        } finally {
          await world.state.destroy()
          await rm(folder, { recursive: true, force: true })
        }
      }),
      { numRuns: RUNS },
    )
    assert(readings > 0, 'nobody could read anything in any run; it proves nothing')
  },
)
