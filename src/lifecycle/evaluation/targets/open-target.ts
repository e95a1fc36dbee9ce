/** A target by the text that names it. Knows how targets are written; the kinds are in the catalogue. */
import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { targetCatalog } from './catalog.ts'
import type { EvaluationTarget, TargetParts } from './evaluation-target.ts'

const FEATURE = 'feature:'

/** The feature that is named, and its release when one is; nothing when the text names another kind of target. */
export function featureOfSpec(spec: string): { readonly feature: string; readonly release?: string } | undefined {
  if (!spec.startsWith(FEATURE)) return undefined
  const [feature = '', release] = spec.slice(FEATURE.length).split('@')
  return { feature, ...(release === undefined ? {} : { release }) }
}

/**
 * `http://…`, `command:PROGRAM ARGS` (quotes keep an argument together), `module:FILE[#EXPORT]`, or a YAML or JSON file with
 * `kind` and that kind's options.
 * @throws TouchstoneError TARGET_INVALID, CONFIG_INVALID
 */
export async function openTarget(spec: string, parts: TargetParts): Promise<EvaluationTarget> {
  const { kind, options, baseDirectory } = await readSpec(spec, parts.baseDirectory)
  const extension = targetCatalog.find(({ id }) => id === kind)
  if (extension === undefined) {
    const known = targetCatalog.map(({ id }) => id).join(', ')
    throw invalid(spec, `there is no kind of target "${kind}"; known: ${known}`)
  }
  return extension.create(extension.parseOptions(options), { ...parts, baseDirectory })
}

interface ReadSpec {
  readonly kind: string
  readonly options: unknown
  readonly baseDirectory: string
}

async function readSpec(spec: string, baseDirectory: string): Promise<ReadSpec> {
  if (/^https?:\/\//i.test(spec)) return { kind: 'http', options: { url: spec }, baseDirectory }
  const [, scheme, rest = ''] = /^(command|module):(.*)$/s.exec(spec) ?? []
  if (scheme === 'command') return { kind: scheme, options: { command: splitCommand(rest) }, baseDirectory }
  if (scheme === 'module') {
    const [path, name] = rest.split('#')
    return { kind: scheme, options: { path, ...(name === undefined ? {} : { export: name }) }, baseDirectory }
  }
  if (['.yaml', '.yml', '.json'].includes(extname(spec))) return readSpecFile(spec, resolve(baseDirectory, spec))
  throw invalid(spec, 'it is none of these')
}

async function readSpecFile(spec: string, path: string): Promise<ReadSpec> {
  try {
    const { parse } = await import('yaml')
    const content: unknown = parse(await readFile(path, 'utf8'))
    if (typeof content !== 'object' || content === null || !('kind' in content) || typeof content.kind !== 'string')
      throw invalid(spec, 'it has no `kind`')
    const { kind, ...options } = content
    return { kind, options, baseDirectory: dirname(path) }
  } catch (error) {
    throw error instanceof TouchstoneError ? error : invalid(spec, messageOf(error))
  }
}

function splitCommand(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}

function invalid(target: string, reason: string): TouchstoneError {
  return new TouchstoneError('TARGET_INVALID', { details: { target, reason } })
}
