/** A second model that confirms, or does not, what the first one wrote in its own words; its cost is the answer's. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startScriptedModelServer } from '../../src/testing/scripted-model-server.ts'
import { ask, ingest, openApplication } from '../fixtures/application.ts'
import { companyConfig, companyFiles } from '../fixtures/company.ts'
import { temporaryFolder } from '../fixtures/temp-folder.ts'

const server = await startScriptedModelServer()
after(() => server.close())
const folder = await temporaryFolder({ after }, companyFiles)
const prices = { inputNanoUsdPerToken: 100, outputNanoUsdPerToken: 400 }
const model = { url: server.url, model: 'scripted-model', prices }
const application = await openApplication({ after }, folder, {
  ...companyConfig,
  models: { writer: model, checker: model },
  features: { answers: { model: 'writer', checker: 'checker' }, plain: { model: 'writer' } },
})
await ingest(application)

const usage = { prompt_tokens: 10, completion_tokens: 2 }
const written = { text: 'Whoever is employed may rest five weeks of each twelvemonth. [1]', usage }

for (const [verdict, support] of [
  ['SUPPORTED', 'model'],
  ['UNSUPPORTED', undefined],
  ['Yes, it looks SUPPORTED to me', undefined],
] as const)
  test(`a checker that replies "${verdict}" ${support ? 'supports' : 'does not support'} the sentence, and is paid for [B1, D5]`, async () => {
    server.script(written, { text: verdict, usage })
    const answer = await ask(application, 'maria', 'How many days of annual leave do I get?')
    assert.deepEqual(
      answer.sentences.map((sentence) => sentence.support),
      support ? [support] : [],
    )
    assert.deepEqual([answer.usage, answer.costNanoUsd], [{ inputTokens: 20, outputTokens: 4 }, 3_600])
  })

test('the checker is part of the release: with and without one are two releases [D1]', async () => {
  server.script({ text: 'NO_ANSWER', usage })
  const [checked, plain] = await Promise.all(
    ['answers', 'plain'].map((feature) => ask(application, 'maria', 'How many days of annual leave do I get?', { feature })),
  )
  assert.notEqual(checked?.release, plain?.release)
  const stored = await application.foundation.state.selectFrom('releases').select('manifest').execute()
  const manifests = stored.map(({ manifest }) => JSON.parse(manifest) as { feature: string; checker?: { model: string } })
  assert.equal(manifests.find((manifest) => manifest.feature === 'answers')?.checker?.model, 'checker/scripted-model')
})
