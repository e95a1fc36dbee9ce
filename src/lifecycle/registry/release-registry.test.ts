/** A release is named by its content: the same content has the same name, any change another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ReleaseManifest } from '../../contracts/release.ts'
import { isTouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { createStaticReleaseResolver, hashManifest } from './release-registry.ts'

const manifest: ReleaseManifest = {
  feature: 'answers',
  prompt: { id: 'cited-answer@1', hash: 'a1' },
  model: 'builtin/extractive@1',
  indexDefinition: 'd1',
  retrieval: { passages: 8, candidates: 100, documentWeight: 0.3, denseWeight: 0.5, rerankers: ['a', 'b'], queryRewriters: [] },
  policy: { unsupported: 'drop', streaming: 'strict', maxQuestionLength: 4000, maxSentences: 6, contact: 'the help desk' },
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** The same data with the keys of each object in another order. */
function shuffleKeys(value: Json, seed: number): Json {
  if (Array.isArray(value)) return value.map((each: Json) => shuffleKeys(each, seed))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, each]) => [key, shuffleKeys(each as Json, seed)] as const)
  return Object.fromEntries(entries.sort(([left], [right]) => ((left.length * seed) % 7) - ((right.length * seed) % 7)).reverse())
}

function leavesOf(value: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [path]
  const own = Array.isArray(value) ? [path] : []
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, each]) =>
      leavesOf(each as Json, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ]
}

function changeAt(value: Json, [key, ...rest]: readonly (string | number)[]): Json {
  if (key === undefined) {
    if (Array.isArray(value)) return [...value, 'one more']
    return typeof value === 'number' ? value + 1 : `${String(value)}x`
  }
  if (Array.isArray(value)) return value.map((each: Json, at) => (at === key ? changeAt(each, rest) : each))
  const object = value as { readonly [key: string]: Json }
  return { ...object, [key]: changeAt(object[key] ?? null, rest) }
}

const asJson = manifest as unknown as Json

test('the order of keys does not matter [F1]', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
      const shuffled = shuffleKeys(asJson, seed)
      assert.equal(hashManifest(shuffled as unknown as ReleaseManifest), hashManifest(manifest))
    }),
  )
  assert.notEqual(JSON.stringify(shuffleKeys(asJson, 3)), JSON.stringify(manifest))
})

test('a change of any field gives another id [F1]', () => {
  const leaves = leavesOf(asJson)
  assert.ok(leaves.length >= 14, String(leaves.length))
  const ids = leaves.map((path) => hashManifest(changeAt(asJson, path) as unknown as ReleaseManifest))
  assert.equal(new Set([hashManifest(manifest), ...ids]).size, leaves.length + 1)
})

test('the order of a list matters, and the id is 32 hex digits [F1]', () => {
  const swapped = { ...manifest, retrieval: { ...manifest.retrieval, rerankers: ['b', 'a'] } }
  assert.notEqual(hashManifest(swapped), hashManifest(manifest))
  assert.match(hashManifest(manifest), /^[0-9a-f]{32}$/)
})

test('a feature resolves to its release; an unknown one is refused with those known [F1]', async () => {
  const other = { ...manifest, feature: 'it-help' }
  const resolver = createStaticReleaseResolver([manifest, other])
  assert.deepEqual(await resolver.resolve('it-help'), { id: hashManifest(other), manifest: other })
  await assert.rejects(
    resolver.resolve('answer'),
    (error) => isTouchstoneError(error, 'FEATURE_UNKNOWN') && /answers, it-help/.test(error.message),
  )
})

test('a manifest that is changed afterwards does not change under its id [F1]', async () => {
  const mutable = structuredClone(manifest) as { model: string } & ReleaseManifest
  const resolver = createStaticReleaseResolver([mutable])
  mutable.model = 'other'
  const release = await resolver.resolve('answers')
  assert.equal(release.manifest.model, 'builtin/extractive@1')
  assert.equal(hashManifest(release.manifest), release.id)
})
