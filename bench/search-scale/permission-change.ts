/** The rule of a folder of 100,000 chunks is edited: how long until it holds, and whether the next query obeys it. */
import { join } from 'node:path'
import { createLanceDbEngine } from '../../src/adapters/lancedb/lancedb-index.ts'
import type { Asker } from '../../src/contracts/asker.ts'
import type { DocumentIndex } from '../../src/contracts/document-index.ts'
import type { DocumentId } from '../../src/contracts/identity.ts'
import type { PassageFinder } from '../../src/contracts/retrieval.ts'
import { createAccessControl } from '../../src/foundation/access/access-control.ts'
import type { Bench, Measure } from '../suite.ts'
import { CLOSED, declareFolder, FOLDER_SCOPE, openFolderState, READABLE, READER, TENANT } from './folder-state.ts'
import { DIMENSIONS, ScaledCorpus } from './scaled-corpus.ts'
import { createScaledFinder } from './scaled-finder.ts'

const CHUNKS = 100_000
const EDITS = 20

export async function measurePermissionChange(
  bench: Bench,
  scopeCounts: readonly number[],
  fill: (index: DocumentIndex, corpus: ScaledCorpus) => Promise<number>,
  find: (finder: PassageFinder, text: string, asker: Asker) => Promise<number>,
): Promise<Measure[]> {
  const corpus = new ScaledCorpus(CHUNKS, 1, FOLDER_SCOPE)
  const engine = createLanceDbEngine({ directory: join(bench.folder, 'index') })
  const index = await engine.open(TENANT, 'folder', { vectors: { dimensions: DIMENSIONS } })
  try {
    bench.note(`indexing a folder of ${CHUNKS} chunks`)
    await fill(index, corpus)
    const measures: Measure[] = []
    for (const scopes of scopeCounts) measures.push(...(await measureEdits(bench, scopes, index, corpus, find)))
    return measures
  } finally {
    await index.close()
  }
}

async function measureEdits(
  bench: Bench,
  scopes: number,
  index: DocumentIndex,
  corpus: ScaledCorpus,
  find: (finder: PassageFinder, text: string, asker: Asker) => Promise<number>,
): Promise<Measure[]> {
  bench.note(`editing its rule among ${scopes} scopes`)
  const documents = corpus.records(0, CHUNKS).documents.map((record): DocumentId => record.document)
  const db = await openFolderState(join(bench.folder, `state-${scopes}.sqlite`), documents, scopes - 1)
  const access = createAccessControl(db)
  const finder = createScaledFinder(index, corpus, access)
  const [edits, standings, searches, wrong]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (let number = 0; number < EDITS; number++) {
    const isOpen = number % 2 === 1
    const began = performance.now()
    await declareFolder(db, isOpen ? READABLE : CLOSED)
    const edited = performance.now()
    const asker = await access.authorise({ tenant: TENANT, user: READER })
    const authorised = performance.now()
    const found = await find(finder, corpus.question(number), asker)
    const ended = performance.now()
    edits.push(edited - began)
    standings.push(authorised - edited)
    searches.push(ended - authorised)
    wrong.push(found > 0 === isOpen ? 0 : 1)
  }
  await db.destroy()
  if (wrong.includes(1)) throw new Error(`of ${EDITS} edits, not every one held at the next query`)
  const name = `a folder of ${CHUNKS} chunks among ${scopes} scopes`
  return [
    { name: `${name}: its rule edited`, unit: 'ms', samples: edits, target: { of: 'median', below: 50 } },
    { name: `${name}: who asks next is authorised anew`, unit: 'ms', samples: standings },
    { name: `${name}: the next search, which obeys`, unit: 'ms', samples: searches },
  ]
}
