/** Rule: no file of the repository names a path of a particular machine. */
import { machineFolders, placeholders } from './machine-paths.data.ts'
import type { Violation } from './violation.ts'

/** Preceded by a word, a dot or a slash it is part of a longer path or of a URL. */
const MACHINE_PATH = new RegExp(
  String.raw`(?<![\w.\-/}$@])/(?:${machineFolders.join('|')})/(?!(?:${placeholders.join('|')})\b)[\w.\-]*`,
  'g',
)

export function machinePaths(files: readonly { readonly path: string; readonly text: string }[]): readonly Violation[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      [...line.matchAll(MACHINE_PATH)].map(([found]) => ({
        file: path,
        line: index + 1,
        message: `names the machine path ${found}. Write it relative to the project, or take it from an option.`,
      })),
    ),
  )
}
