/** The command line as somebody, in a process of its own that opens the same state: searching, asking, listing. */
import { join } from 'node:path'
import { touchstone } from '../../fixtures/command-line.ts'
import { writeFiles } from '../../fixtures/temp-folder.ts'
import type { Tenant } from '../product.ts'
import { question } from './answer.ts'
import { COMMON_WORD, parsed, type Surface } from './surface.ts'

export const commandLine: Surface = {
  id: 'command line',
  weight: 0,
  look: async (look) => {
    const { folder, config } = look.product
    const file = 'command-line.config.mjs'
    await writeFiles(folder, { [file]: `export default ${JSON.stringify(config(look.world.tenant as Tenant))}\n` })
    const common = ['--json', '--config', join(folder, file), '--data', join(folder, 'state')]
    const isListing = look.random.next() < 0.5
    const command = isListing
      ? ['search', COMMON_WORD, '--as', look.user, '--limit', '100']
      : ['ask', question(look), '--as', look.user]
    const { stdout, stderr } = await touchstone([...command, ...common], { cwd: folder })
    const named = (parsed<{ items: readonly { document: string }[] }>(stdout).items ?? []).map(({ document }) => document)
    return { text: `${stdout}\n${stderr}`, named, ...(isListing ? { complete: look.world.entries().map(({ id }) => id) } : {}) }
  },
}
