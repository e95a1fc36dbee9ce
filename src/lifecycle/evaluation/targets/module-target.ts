/** A function of a JavaScript or TypeScript module as a target. Knows how it is found and called; knows nothing of what it does. */
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { messageOf, TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { contentHash } from '../../../foundation/hashing/content-hash.ts'
import type { TargetExtension, TargetParts } from './evaluation-target.ts'
import { toSystemOutput, toTargetRequest, type TargetRequest } from './target-exchange.ts'
import { parseTargetOptions, statedVersion } from './target-options.ts'

const optionsSchema = z.strictObject({
  path: z.string().min(1),
  export: z.string().min(1).default('default'),
  version: statedVersion,
})
type Options = z.output<typeof optionsSchema>

/** What a module exports. `context.signal` aborts when the time is up. */
export type TargetFunction = (request: TargetRequest, context: { readonly signal: AbortSignal }) => unknown

/** Outputs are used again when the module exports a `version`, or the options state one, and the file is the same: what it imports and calls cannot be seen. */
export const moduleTarget: TargetExtension<Options> = {
  id: 'module',
  version: 1,
  summary: 'A function that a JavaScript or TypeScript module exports, called in this process.',
  parseOptions: (input) => parseTargetOptions('module', optionsSchema, input),
  create: async (options, { baseDirectory }: TargetParts) => {
    const path = resolve(baseDirectory, options.path)
    const id = `module:${options.path}${options.export === 'default' ? '' : `#${options.export}`}`
    const invalid = (reason: string, cause?: unknown): TouchstoneError =>
      new TouchstoneError('TARGET_INVALID', { details: { target: id, reason }, cause })
    const content = await readFile(path).catch((error: unknown) => {
      throw invalid(messageOf(error), error)
    })
    const contentName = contentHash(content)
    // The name of its content lets an edited module be loaded again by those who watch.
    const exported = (await import(`${pathToFileURL(path).href}?${contentName}`).catch((error: unknown) => {
      throw invalid(messageOf(error), error)
    })) as Readonly<Record<string, unknown>>
    const answer = exported[options.export]
    if (typeof answer !== 'function') throw invalid(`${basename(path)} exports no function "${options.export}"`)
    const version = options.version ?? exported['version']
    return {
      id,
      ...(version === undefined ? {} : { hash: contentHash('module', id, contentName, String(version)) }),
      files: [path],
      run: async (testCase, signal, repeat) => {
        const reply: unknown = await (answer as TargetFunction)(toTargetRequest(testCase, repeat), { signal })
        return toSystemOutput(reply, id)
      },
      close: async () => {},
    }
  },
}
