/** The short version of `npm run fuzz`, and every input that ever failed. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fuzzCatalog } from './catalog.ts'
import { fuzzFamily } from './fuzz-family.ts'
import type { FuzzTarget } from './fuzz-target.ts'

const INPUTS = 200
const KEPT = join(import.meta.dirname, 'kept')

for (const { name } of fuzzCatalog)
  test(
    `${INPUTS} spoiled inputs of ${name}: no crash, no hang, nothing outside the catalogue [A1, H4]`,
    { timeout: 150_000 },
    async () => {
      const summary = await fuzzFamily(name, { seed: 1, from: 0, inputs: INPUTS, hangMs: 20_000, heapMb: 512 })
      assert.deepEqual(summary.findings, [])
      assert.equal(summary.inputs, INPUTS)
    },
  )

for (const family of fuzzCatalog)
  test(`the sound inputs of ${family.name} are sound, so that spoiling them goes deep [A1]`, { timeout: 60_000 }, async () => {
    const target = await family.open()
    const outcomes: string[] = []
    for (const input of target.sound) outcomes.push(await target.attempt(input))
    await target.close()
    const accepted = outcomes.filter((outcome) => ['text', 'accepted', '200'].includes(outcome))
    assert(accepted.length >= outcomes.length * 0.6, outcomes.join(', '))
  })

test('inputs that once failed do not fail any more [A1]', { timeout: 60_000 }, async () => {
  const files = existsSync(KEPT) ? readdirSync(KEPT) : []
  const open = new Map<string, FuzzTarget>()
  for (const file of files) {
    const { family, name, bytes } = JSON.parse(readFileSync(join(KEPT, file), 'utf8')) as Record<
      'family' | 'name' | 'bytes',
      string
    >
    const target = open.get(family) ?? (await fuzzCatalog.find((known) => known.name === family)?.open())
    assert(target !== undefined, `${file}: there is no family ${family} any more`)
    open.set(family, target)
    await target.attempt({ name, bytes: Buffer.from(bytes, 'base64') })
  }
  for (const target of open.values()) await target.close()
})
