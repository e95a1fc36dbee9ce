/** Several connections that read and write one state at once, as several processes do: no decision between two moments, nothing lost. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Acl } from '../../src/contracts/acl.ts'
import type { ConversationId, DocumentId, DocumentVersion, PrincipalId, TenantId } from '../../src/contracts/identity.ts'
import { createAccessControl } from '../../src/foundation/access/access-control.ts'
import { createPrincipalDirectory } from '../../src/foundation/access/principal-directory.ts'
import { putScope } from '../../src/foundation/access/scope-repository.ts'
import { systemClock } from '../../src/foundation/concurrency/clock.ts'
import { deleteUnreferencedBlobs } from '../../src/foundation/storage/blob-repository.ts'
import { createConversationStore } from '../../src/foundation/storage/conversation-repository.ts'
import { createDocumentReader } from '../../src/foundation/storage/document-repository.ts'
import { publishDocuments, type DocumentWrite } from '../../src/foundation/storage/document-writer.ts'
import { raiseGeneration, readGeneration } from '../../src/foundation/storage/generations.ts'
import type { StateDatabase } from '../../src/foundation/storage/state-schema.ts'
import { startPostgres } from '../fixtures/postgres-server.ts'
import { postgresKind } from '../fixtures/states.ts'

const LIMIT = { timeout: 60_000 }
const ROUNDS = 150
const tenant = 'main' as TenantId
const kind = postgresKind({ after }, await startPostgres({ after }))

/** As many processes would have it: each with connections of its own. */
async function opened(count: number): Promise<StateDatabase[]> {
  const place = await kind.place()
  // All at once, so that they race to make the tables, too.
  return (await Promise.all(Array.from({ length: count }, () => place.open()))).map(({ db }) => db)
}

function rule(...any: string[]): Acl {
  return { deny: [], all: [{ any: any as PrincipalId[] }] }
}

function write(id: string, version: string, text: string, scope: number): DocumentWrite {
  const document = {
    id: id as DocumentId,
    version: version as DocumentVersion,
    source: 's',
    path: id,
    title: id,
    language: 'en',
    mediaType: 'text/plain',
    scope: scope as never,
    metadata: { topic: version },
    modifiedAtMs: 0,
    indexedAtMs: systemClock.now(),
  }
  return { document, text, changeMark: version, definition: 'x', chunks: 1 }
}

async function scopeFor(db: StateDatabase, place: string, declaration: Acl): Promise<number> {
  return db
    .transaction()
    .execute(async (transaction) => (await putScope(transaction, tenant, 's', [{ place, declaration }])).scope)
}

test('who never may read never does, while membership and rule change places [A4]', LIMIT, async () => {
  const [writer, ...readers] = await opened(3)
  const directory = createPrincipalDirectory(writer!)
  const put = (groups: string[]): Promise<void> =>
    directory.putUser(tenant, { id: 'ann', name: '', disabled: false, groups }, 'api')
  await put(['g'])
  const scope = await scopeFor(writer!, 'p', rule('group:h'))
  await publishDocuments(writer!, tenant, [write('s:d', 'v', 'text', scope)])
  // Either she is in the group, or the group may read: never both at one moment.
  const swap = async (isMember: boolean): Promise<void> =>
    writer!.transaction().execute(async (transaction) => {
      const declaration = rule(isMember ? 'group:h' : 'group:g')
      await putScope(transaction, tenant, 's', [{ place: 'p', declaration }])
      const row = { tenant, member: 'user:ann', parent: 'group:g', origin: 'api' }
      if (isMember) await transaction.insertInto('memberships').values(row).execute()
      else await transaction.deleteFrom('memberships').where('member', '=', 'user:ann').execute()
      await raiseGeneration(transaction, tenant, 'access')
    })
  const swapping = new AbortController()
  const caller = { tenant, user: 'ann' }
  const asking = readers.map(async (db) => {
    const access = createAccessControl(db)
    let asked = 0
    for (; !swapping.signal.aborted; asked++) {
      assert.deepEqual([...(await access.authorise(caller)).readable.ids], [])
      assert.equal((await access.readableNow(caller, ['s:d' as DocumentId])).size, 0)
    }
    return asked
  })
  for (let round = 0; round < ROUNDS; round++) await swap(round % 2 === 1)
  swapping.abort()
  for (const asked of await Promise.all(asking)) assert(asked > 20, `asked ${asked} times`)
})

test('edits of the same user and group at once: each is whole, and each is counted [A4]', LIMIT, async () => {
  const states = await opened(4)
  const before = await readGeneration(states[0]!, tenant, 'access')
  const edits = Array.from({ length: 40 }, async (_, at) => {
    const directory = createPrincipalDirectory(states[at % states.length]!)
    await directory.putUser(tenant, { id: 'ann', name: `n${at}`, disabled: false, groups: [`a${at}`, `b${at}`, 'all'] }, 'api')
    await directory.putGroup(tenant, { id: 'g', name: `n${at}`, parents: [`p${at}`, 'all'] }, 'api')
  })
  await Promise.all(edits)
  const directory = createPrincipalDirectory(states[0]!)
  const [ann] = await directory.users(tenant)
  const last = ann!.name.slice(1)
  assert.deepEqual(ann!.groups.toSorted(), [`a${last}`, 'all', `b${last}`].sort())
  const [group] = await directory.groups(tenant)
  assert.deepEqual(group!.parents.toSorted(), ['all', `p${group!.name.slice(1)}`])
  assert.equal((await readGeneration(states[0]!, tenant, 'access')) - before, 80)
})

test('what the API says of a user at the very start wins over the configuration, whoever is quicker [A4]', LIMIT, async () => {
  const [starting, api] = await opened(2)
  for (let round = 0; round < 25; round++) {
    const id = `user${round}`
    const before = Array.from({ length: round + 1 }, (_, at) => ({
      id: `user${at}`,
      name: '',
      disabled: false,
      groups: ['config'],
    }))
    await Promise.all([
      createPrincipalDirectory(starting!).replaceAll(tenant, 'config', before, []),
      createPrincipalDirectory(api!).putUser(tenant, { id, name: '', disabled: true, groups: ['api'] }, 'api'),
    ])
    const [user] = (await createPrincipalDirectory(api!).users(tenant)).filter((found) => found.id === id)
    assert.deepEqual([user?.groups, user?.disabled], [['api'], true], `round ${round}`)
  }
})

test('the same place and the same new rule written at once: one scope, one row of the rule [A4]', LIMIT, async () => {
  const states = await opened(4)
  const writes = Array.from({ length: 40 }, (_, at) =>
    scopeFor(states[at % states.length]!, `p${at % 3}`, rule('group:new', `group:${at % 2}`)),
  )
  assert.equal(new Set(await Promise.all(writes)).size, 3)
  assert.equal((await states[0]!.selectFrom('acls').selectAll().execute()).length, 2)
})

test('publishing and clearing away at once: what is visible has its text, its version and its metadata [A1]', LIMIT, async () => {
  const [first, second, cleaner] = await opened(3)
  const scope = await scopeFor(first!, 'p', rule('everyone'))
  const other = await scopeFor(first!, 'q', rule('everyone'))
  const published = new AbortController()
  const clearing = (async () => {
    while (!published.signal.aborted) await deleteUnreferencedBlobs(cleaner!, tenant)
  })()
  // The same text comes and goes, and each change of the rights forgets earlier versions.
  const publish = async (db: StateDatabase, seed: number): Promise<void> => {
    for (let round = 0; round < ROUNDS / 2; round++) {
      const version = `v${(round + seed) % 2}`
      const writes = ['s:a', 's:b'].map((id) => write(id, version, `text of ${version}`, round % 3 === 0 ? scope : other))
      await publishDocuments(db, tenant, seed === 0 ? writes : writes.toReversed())
      const reader = createDocumentReader(db)
      const loaded = await reader.load(tenant, ['s:a', 's:b'] as DocumentId[])
      for (const { document, text } of loaded.values()) assert.equal(text, `text of ${document.version}`)
    }
  }
  await Promise.all([publish(first!, 0), publish(second!, 1)])
  published.abort()
  await clearing
  const reader = createDocumentReader(first!)
  assert.equal((await reader.load(tenant, ['s:a', 's:b'] as DocumentId[])).size, 2)
  for (const { id, version, metadata } of await first!.selectFrom('documents').selectAll().execute()) {
    assert.equal(await reader.versionText(tenant, id as DocumentId, version as DocumentVersion), `text of ${version}`)
    const rows = await first!.selectFrom('document_metadata').select('value').where('document', '=', id).execute()
    assert.deepEqual(rows.map(({ value }) => value), [(JSON.parse(metadata) as { topic: string }).topic]) // prettier-ignore
  }
})

test('turns of one conversation at once: each is kept, in one order, and nobody else gets in [B1]', LIMIT, async () => {
  const states = await opened(3)
  const id = 'talk' as ConversationId
  const turn = (at: number): { question: string; standalone: string; answer: string; documents: [] } => ({
    question: `q${at}`,
    standalone: '',
    answer: '',
    documents: [],
  })
  const callers = ['ann', 'bob'].map((user) => ({ tenant, user }))
  const appended = await Promise.allSettled(
    Array.from({ length: 40 }, (_, at) =>
      createConversationStore(states[at % 3]!, systemClock).append(id, callers[at % 2]!, 'answers', turn(at)),
    ),
  )
  const owner = callers[appended[0]?.status === 'fulfilled' ? 0 : 1]!
  for (const [at, { status, ...rest }] of appended.entries()) {
    assert.equal(status === 'fulfilled', callers[at % 2] === owner, `${at}: ${JSON.stringify(rest)}`)
    if ('reason' in rest) assert.equal((rest.reason as { code: string }).code, 'CONVERSATION_UNKNOWN')
  }
  assert.equal((await createConversationStore(states[0]!, systemClock).recall(id, owner, 'answers', 100)).length, 20)
})
