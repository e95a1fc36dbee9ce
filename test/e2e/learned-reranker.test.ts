/** A feature that ranks by a learned model: what its release pins, and what its results tell of themselves. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import type { TouchstoneConfig } from '../../src/app/config.ts'
import type { RankingModel } from '../../src/contracts/ranking-model.ts'
import type { ReleaseManifest } from '../../src/contracts/release.ts'
import type { SearchResult } from '../../src/contracts/search.ts'
import { sealRankingModel } from '../../src/foundation/ranking/model-file.ts'
import { builtInModelFile } from '../../src/knowledge/retrieval/rerankers/built-in-model.ts'
import { FEATURES_VERSION } from '../../src/knowledge/retrieval/rerankers/ranking-features.ts'
import { ask, ingest, NEVER, openApplication } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const builtIn = JSON.parse(readFileSync(builtInModelFile, 'utf8')) as RankingModel
const shortest = sealRankingModel({
  featuresVersion: FEATURES_VERSION,
  features: ['length', 'coverage'],
  pool: 60,
  scorer: { kind: 'linear', bias: 0, weights: [-1, 0.1] },
})
const config = {
  ...companyConfig,
  features: {
    answers: {},
    learned: { retrieval: { rerankers: ['learned'] } },
    own: { retrieval: { rerankers: ['learned:models/own.json'] } },
    copy: { retrieval: { rerankers: ['learned:models/copy.json'] } },
  },
} satisfies TouchstoneConfig
const folder = await temporaryFolder(
  { after },
  {
    ...companyFiles,
    'docs/long.md': `# Annual leave of everyone\n\nAnnual leave of days: ${'annual leave is asked for in good time. '.repeat(8)}\n`,
    'docs/leave-2022.md': '# Leave\n\nAnnual leave was 20 days.\n',
    'docs/leave-2024.md': '# Leave\n\nAnnual leave is 22 days.\n',
    'models/own.json': JSON.stringify(shortest),
    'models/copy.json': JSON.stringify(shortest, null, 2),
  },
)
const application = await openApplication({ after }, folder, config)
await ingest(application)

test('the manifest of a release names a learned reranker by the hash of its model, wherever its file lies [F1, F5]', async () => {
  const state = new DatabaseSync(join(folder, 'state/state.sqlite'), { readOnly: true })
  const rows = state.prepare('select id, manifest from releases').all() as { id: string; manifest: string }[]
  state.close()
  const manifests = rows.map(({ id, manifest }) => ({ id, ...(JSON.parse(manifest) as ReleaseManifest) }))
  assert.deepEqual(Object.fromEntries(manifests.map(({ feature, retrieval }) => [feature, retrieval.rerankers])), {
    answers: ['proximity'],
    learned: [`learned@${builtIn.hash}`],
    own: [`learned@${shortest.hash}`],
    copy: [`learned@${shortest.hash}`],
  })
  for (const feature of ['learned', 'own']) {
    const { release } = await ask(application, 'maria', 'annual leave', { feature })
    assert.equal(release, manifests.find((manifest) => manifest.feature === feature)?.id)
  }
})

async function search(feature: string, explain?: 'absolute'): Promise<SearchResult> {
  const caller = { tenant: application.tenant, user: 'maria' }
  const request = { caller, feature, query: 'days of annual leave', limit: 10, signal: NEVER }
  return application.search(explain === undefined ? request : { ...request, explain })
}

test('a model in a file decides the order', async () => {
  const pathsOf = async (feature: string): Promise<string[]> => (await search(feature)).items.map(({ path }) => path)
  assert.equal((await pathsOf('own')).at(-1), 'long.md')
  assert.notDeepEqual(await pathsOf('own'), await pathsOf('learned'))
})

for (const feature of ['learned', 'own'])
  test(`contributions of a learned model sum to the score, and are told only when asked for: ${feature} [A5]`, async () => {
    const [plain, explained] = [await search(feature), await search(feature, 'absolute')]
    assert(plain.items.length > 3 && plain.items.every((hit) => !('explanation' in hit)))
    assert.deepEqual(
      explained.items.map(({ explanation: _explanation, ...hit }) => hit),
      plain.items,
    )
    for (const { score, path, explanation } of explained.items) {
      const parts = explanation!.contributions
      const sum = parts.reduce((total, { contribution }) => total + contribution, 0)
      assert(Math.abs(sum - score) <= 0.001 * (parts.length + 1), JSON.stringify({ path, score, parts }))
      assert(parts.some(({ name }) => name.startsWith('learned/')))
      assert.equal(
        parts.some(({ name }) => name === 'superseded'),
        path === 'leave-2022.md',
      )
      assert(explanation!.features!['coverage']! > 0)
    }
  })
