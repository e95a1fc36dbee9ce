/** Golden sets put to the product as somebody: what a case is given must be what that person may read. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NEVER } from '../../fixtures/application.ts'
import { question } from './answer.ts'
import type { Surface } from './surface.ts'

export const evaluation: Surface = {
  id: 'evaluation sets',
  weight: 0.5,
  look: async (look) => {
    const folder = join(look.product.folder, `evaluation-${look.world.tenant}`)
    const never = ['zzz-never']
    const cases = [1, 2].map((id) => ({
      id: `case-${id}`,
      as: look.user,
      question: question(look),
      expect: { facts: [['x']] },
      never,
    }))
    const about = { name: 'proof', version: 1, purpose: 'p', approved_by: 'nobody', description: 'd', changes: [] }
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'dataset.yaml'), JSON.stringify(about))
    await writeFile(join(folder, 'cases.yaml'), JSON.stringify(cases))
    const run = await look.running.application.evaluate(folder, { feature: 'answers', concurrency: 1, signal: NEVER })
    return { text: JSON.stringify(run) }
  },
}
