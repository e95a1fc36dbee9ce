/** A program in any language as a target: cases in, answers out, a JSON object a line. Knows its options; the lines are json-lines-process.ts. */
import { z } from 'zod'
import { canonicalJson, contentHash } from '../../../foundation/hashing/content-hash.ts'
import { createJsonLinesProcess } from './json-lines-process.ts'
import type { TargetExtension } from './evaluation-target.ts'
import { toSystemOutput, toTargetRequest } from './target-exchange.ts'
import { parseTargetOptions, statedVersion } from './target-options.ts'

const optionsSchema = z.strictObject({
  /** The program and its arguments; no shell reads them. */
  command: z.tuple([z.string().min(1)], z.string()),
  restarts: z.number().int().min(0).max(1_000).default(10),
  version: statedVersion,
})
type Options = z.output<typeof optionsSchema>

export const commandTarget: TargetExtension<Options> = {
  id: 'command',
  version: 1,
  summary: 'A program that stays up: each case is a line of JSON on its standard input, each answer one on its standard output.',
  parseOptions: (input) => parseTargetOptions('command', optionsSchema, input),
  create: async (options, { baseDirectory }) => {
    const { command, restarts, version } = options
    const id = `command:${command.join(' ')}`
    const program = createJsonLinesProcess({ name: id, command, cwd: baseDirectory, restarts })
    return {
      id,
      ...(version === undefined ? {} : { hash: contentHash('command', canonicalJson(options)) }),
      run: async (testCase, signal, repeat) => toSystemOutput(await program.ask(toTargetRequest(testCase, repeat), signal), id),
      close: () => program.close(),
    }
  },
}
