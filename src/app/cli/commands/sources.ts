/** `touchstone sources`: what is connected and how it stands. */
import type { CommonOptions } from '../common-options.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export async function sources(options: CommonOptions): Promise<void> {
  const items = await withApplication(options, (application) => application.sources())
  if (options.json === true) return terminal.printJson({ items })
  if (items.length === 0)
    terminal.print('No source is configured. Run `npx touchstone init`, or `npx touchstone ingest --path DIR`.')
  for (const item of items) {
    const read = item.lastSyncAtMs === null ? 'never read' : `read ${new Date(item.lastSyncAtMs).toISOString()}`
    const counts = `${item.documents} documents, ${item.chunks} chunks, ${item.failures} failures`
    terminal.print(`${terminal.style('bold', item.id)} (${item.kind}, ${item.state}) · ${counts} · ${read}`)
  }
}
