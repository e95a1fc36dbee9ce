/** What every embedding model must do, as tests. Knows the contract only; each adapter's test file runs it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EmbeddingKind, EmbeddingModel } from '../contracts/embedding-model.ts'
import { cosine } from '../foundation/statistics/unit-vectors.ts'

/** Texts that the model knows parts of, in a language that it knows. */
const TEXTS = [
  'annual leave policy',
  'travel expenses',
  'how do I reset my password',
  'leave',
  'a '.repeat(3_000),
  'annual leave policy',
]

/** Runs every clause of the EmbeddingModel contract; each test opens its own. */
export function embeddingModelSuite(name: string, open: () => Promise<EmbeddingModel>): void {
  const withModel =
    (
      run: (
        model: EmbeddingModel,
        embed: (texts: readonly string[], kind?: EmbeddingKind) => Promise<readonly Float32Array[]>,
      ) => Promise<void>,
    ) =>
    async (): Promise<void> => {
      const model = await open()
      try {
        await run(model, (texts, kind = 'passage') => model.embed(texts, { kind }, new AbortController().signal))
      } finally {
        await model.close()
      }
    }
  describe(`${name}: an embedding model`, () => {
    test(
      'each text has a vector of its dimensions and unit length, and the same one alone as among others',
      withModel(async ({ dimensions }, embed) => {
        for (const kind of ['query', 'passage'] as const) {
          const vectors = await embed(TEXTS, kind)
          assert.equal(vectors.length, TEXTS.length)
          for (const vector of vectors) {
            assert.equal(vector.length, dimensions)
            assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-3)
          }
          for (const [at, text] of TEXTS.entries()) {
            const [alone] = await embed([text], kind)
            // Padding in a batch moves the last bits of a quantised model.
            assert.ok(
              cosine(alone ?? new Float32Array(dimensions), vectors[at] ?? new Float32Array(dimensions)) > 0.98,
              text.slice(0, 30),
            )
          }
        }
      }),
    )
    test(
      'the empty text has the right form, and no texts have no vectors',
      withModel(async ({ dimensions }, embed) => {
        const [empty] = await embed([''])
        assert.equal(empty?.length, dimensions)
        assert.ok(empty.every(Number.isFinite))
        assert.deepEqual(await embed([]), [])
      }),
    )
    test(
      'the background is measured, and the same each time',
      withModel(async (model) => {
        const background = await model.background(new AbortController().signal)
        assert.ok(background.deviation > 0)
        assert.ok(background.mean >= -1 && background.mean <= 1)
        assert.deepEqual(await model.background(new AbortController().signal), background)
      }),
    )
    test(
      'an aborted signal ends the call',
      withModel(async (model) => {
        await assert.rejects(model.embed(TEXTS, { kind: 'passage' }, AbortSignal.abort()), { name: 'AbortError' })
      }),
    )
    test(
      'it names itself, and languages by two letters',
      withModel(async (model) => {
        assert.match(model.id, /^[\w.-]+\/.+/u)
        assert.ok(model.languages.every((language) => /^[a-z]{2,3}$/u.test(language)))
      }),
    )
  })
}
