/** Backup, restore and index rebuild of 100,000 chunks of generated documents, as the commands do them. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runTouchstone } from '../child-run.ts'
import type { Bench, BenchSuite, Measure } from '../suite.ts'
import { documentName, documentText } from '../../test/fixtures/generated-documents.ts'

const CHUNKS = 100_000
const CHUNKS_A_DOCUMENT = 100

export const restore: BenchSuite = {
  name: 'restore',
  summary: 'Backup, restore into a lost state and index rebuild of 100,000 chunks.',
  run: async (bench) => {
    const { root, folder, note } = bench
    const options = ['--config', await writeCorpus(bench), '--data', join(folder, 'state'), '--json']
    const run = async <Report>(...args: string[]): Promise<Report & { readonly seconds: number }> => {
      const { stdout } = await runTouchstone(root, [...args, ...options])
      return JSON.parse(stdout) as Report & { readonly seconds: number }
    }
    note('reading the corpus')
    const ingested = await run<{ chunks: number }>('ingest')
    if (ingested.chunks < CHUNKS) throw new Error(`the corpus has ${ingested.chunks} chunks`)
    note(`backing up ${ingested.chunks} chunks`)
    const backup = await run<{ bytes: number }>('backup', join(folder, 'backup'))
    const restored: number[] = []
    for (let round = 1; round <= 2; round++) {
      note(`restoring into a lost state, ${round} of 2`)
      await rm(join(folder, 'state'), { recursive: true })
      const report = await run<{ index: { rebuilt: number } }>('restore', join(folder, 'backup'))
      if (report.index.rebuilt > 0) throw new Error(`${report.index.rebuilt} documents were not in the index copy`)
      restored.push(report.seconds)
    }
    note('rebuilding the index from the stored texts')
    const rebuilt = await run<{ rebuilt: number }>('index', 'rebuild')
    const measures: Measure[] = [
      { name: 'backup', unit: 's', samples: [backup.seconds] },
      { name: 'backup size', unit: 'MB', samples: [backup.bytes / 1e6] },
      { name: 'restore', unit: 's', samples: restored, target: { of: 'max', below: 60 } },
      { name: 'index rebuild', unit: 's', samples: [rebuilt.seconds] },
    ]
    return measures
  },
}

/** @returns the configuration's path */
async function writeCorpus({ folder }: Bench): Promise<string> {
  for (let number = 0; number < CHUNKS / CHUNKS_A_DOCUMENT; number++) {
    const path = join(folder, 'docs', documentName(number))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, documentText(number, 1, CHUNKS_A_DOCUMENT))
  }
  const sources = { docs: { kind: 'folder', path: 'docs', access: [{ path: '**', readers: ['everyone'] }] } }
  const config = join(folder, 'touchstone.config.mjs')
  await writeFile(config, `export default ${JSON.stringify({ sources, access: { users: { ann: {} } } })}\n`)
  return config
}
