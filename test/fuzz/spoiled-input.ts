/** The nth spoiled input of a family, the same for the same seed. Runs nothing. */
import type { FuzzInput, FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutation.ts'
import { seededRandom } from './random.ts'
import { spoiledPackage } from './spoiled-package.ts'

export function spoiledInput(target: FuzzTarget, family: string, seed: number, ordinal: number): FuzzInput {
  const random = seededRandom(`${family}/${seed}/${ordinal}`)
  const sound = random.pick(target.sound)
  if (target.spoil) return target.spoil(sound, random)
  const repacked = spoiledPackage(sound, random)
  if (repacked) return repacked
  const other = random.pick(target.sound)
  const foreign = sound.foreign === true || other.foreign === true
  return { name: sound.name, foreign, bytes: mutate(sound.bytes, other.bytes, random) }
}
