/** Rule: files are named in kebab-case for what they hold, never for a drawer. */
import { posix } from 'node:path'
import type { Violation } from './violation.ts'

const DRAWERS: ReadonlySet<string> = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'types'])
/** Endings that make a drawer of any noun: `text-utils`, `query-helpers`, `session-manager`. */
const DRAWER_ENDING = /-(utils?|helpers?|misc|manager)$/
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/
const CODE_ENDING = /(\.(test|data|config|d))?\.(ts|tsx|js|mjs|cjs)$/

/** @param paths of code folders (src, test, bench, scripts, bin); files that are no code are judged by their folders only */
export function fileNameViolations(paths: readonly string[]): readonly Violation[] {
  return paths.flatMap((path) => {
    const folders = posix.dirname(path).split('/')
    const stem = CODE_ENDING.test(path) ? [posix.basename(path).replace(CODE_ENDING, '')] : []
    return [...folders, ...stem].flatMap((name) => {
      const message = nameProblem(name)
      return message === undefined ? [] : [{ file: path, line: 1, message }]
    })
  })
}

function nameProblem(name: string): string | undefined {
  if (!KEBAB_CASE.test(name)) return `"${name}" is not kebab-case. Rename it, e.g. ${toKebabCase(name)}.`
  if (DRAWERS.has(name) || DRAWER_ENDING.test(name)) return `"${name}" is a drawer. Name it for what it holds or computes.`
  return undefined
}

function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase()
}
