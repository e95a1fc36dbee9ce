/** The real handbook that suites read from beside the checkout, as a source that everybody may read. Measures nothing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { configSchema } from '../src/app/config.ts'
import type { LoadedConfig } from '../src/app/load-config.ts'

export const HANDBOOK_PAGES = '../shared/data/handbook/content'
export const HANDBOOK_USER = 'ann'

/** @returns the folder; nothing when it is not there */
export function findHandbook(root: string): string | undefined {
  const pages = join(root, HANDBOOK_PAGES)
  return existsSync(pages) ? pages : undefined
}

export function handbookConfig(pages: string): LoadedConfig {
  const source = { kind: 'folder', path: pages, access: [{ path: '**', readers: ['everyone'] }] }
  const config = configSchema.parse({ sources: { handbook: source } })
  const user = { id: HANDBOOK_USER, name: 'Ann', disabled: false, groups: [] }
  return { path: '', baseDirectory: pages, config, users: [user], groups: [] }
}
