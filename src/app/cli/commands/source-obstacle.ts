/** What the next read of a configured source will stumble over for certain. Knows its configuration; reads nothing and connects nowhere. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { readSecret, type LoadedConfig } from '../../load-config.ts'

const namedFolder = z.looseObject({ kind: z.literal('folder'), path: z.string() })
const namedSecret = z.strictObject({ env: z.string() })

/** @returns a folder that is not there, or a variable that is not set, with the setting that names it; nothing when the way is free */
export function sourceObstacle(id: string, { baseDirectory, config }: LoadedConfig): string | undefined {
  const source = config.sources[id]
  const folder = namedFolder.safeParse(source).data
  if (folder !== undefined && !existsSync(resolve(baseDirectory, folder.path)))
    return `there is no folder ${resolve(baseDirectory, folder.path)}: create it, or set sources.${id}.path`
  for (const [option, value] of Object.entries(source ?? {})) {
    const secret = namedSecret.safeParse(value).data
    if (secret !== undefined && (readSecret(secret) ?? '') === '')
      return `the environment variable ${secret.env} is not set: set it, or sources.${id}.${option}`
  }
  return undefined
}
