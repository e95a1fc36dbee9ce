import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { rankingFeatures } from '../../knowledge/retrieval/rerankers/ranking-features.ts'
import { checkConfig } from '../load-config.ts'
import { readRankingModel, readRankingModels } from '../ranking-models.ts'
import { trainRankingModel } from './train-ranking-model.ts'

const SUBJECTS = ['parental leave', 'travel expenses', 'laptop theft', 'sick leave', 'office keys', 'expense report']
let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchstone-train-'))
  for (const language of ['one', 'two']) await writeCollection(join(folder, language, 'en'), language)
})
after(() => rm(folder, { recursive: true, force: true }))

async function writeCollection(directory: string, salt: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n')
  const documents = SUBJECTS.flatMap((subject, at) => [
    { _id: `d${at}`, title: subject, text: `Who asks about ${subject} finds the ${salt} rules here.` },
    {
      _id: `n${at}`,
      title: 'Minutes',
      text: `The meeting spoke of ${subject.split(' ').toReversed().join(' and much else and ')} too.`,
    },
  ])
  const queries = SUBJECTS.map((subject, at) => ({ _id: `q${at}`, text: `rules of ${subject}` }))
  await writeFile(join(directory, 'corpus.jsonl'), lines(documents))
  await writeFile(join(directory, 'queries.jsonl'), lines(queries))
  await writeFile(join(directory, 'qrels.tsv'), SUBJECTS.map((_, at) => `q${at}\td${at}\t1`).join('\n'))
}

const train = async (seed: number) =>
  trainRankingModel(await checkConfig({}, join(folder, 'touchstone.config.ts')), {
    judgements: [join(folder, 'one/en'), join(folder, 'two/en')],
    test: [],
    dataDirectory: join(folder, 'data'),
    feature: 'answers',
    seed,
    onProgress: () => undefined,
    log: () => undefined,
    signal: new AbortController().signal,
  })

test('from folders of judgements to a model in a file, the same again from the same judgements [F5]', async () => {
  const { model, report } = await train(1)
  assert.deepEqual(
    model.features,
    rankingFeatures.map(({ name }) => name),
  )
  assert.deepEqual(
    report.collections.map(({ name, role, ndcg }) => [name, role, ndcg.none.n]),
    [
      ['one/en', 'left out', 6],
      ['two/en', 'left out', 6],
    ],
  )
  assert.ok(report.collections.every(({ ndcg }) => ndcg.none.value > 0.5 && ndcg.linear.value > 0.5))
  assert.deepEqual((await train(1)).model, model)
  await writeFile(join(folder, 'own.json'), JSON.stringify(model))
  const models = await readRankingModels(['proximity', 'learned:own.json'], folder)
  assert.deepEqual([...models.keys()], ['learned', 'learned:own.json'])
  assert.equal(models.get('learned:own.json')?.hash, model.hash)
})

test('models of LightGBM and XGBoost are read by their looks; what is none is refused', async () => {
  const fixture = (name: string): string =>
    fileURLToPath(new URL(`../../../test/fixtures/ranking-models/${name}`, import.meta.url))
  for (const name of ['lightgbm.txt', 'xgboost.json']) {
    const { features, scorer } = await readRankingModel(fixture(name))
    assert.deepEqual(features, ['chunk-score', 'coverage', 'nearness', 'length'])
    assert.equal(scorer.kind === 'trees' && scorer.trees.length, 4)
  }
  for (const path of [join(folder, 'absent.json'), join(folder, 'one/en/qrels.tsv'), join(folder, 'one/en')])
    await assert.rejects(readRankingModel(path), (error) => isTouchstoneError(error, 'RANKING_MODEL_INVALID'))
})
