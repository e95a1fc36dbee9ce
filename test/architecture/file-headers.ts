/** Rule: each file of src begins with a sentence that says what it knows. */
import type { SourceFile } from './source-file.ts'
import type { Violation } from './violation.ts'

/** A doc comment at the very start whose text has a sentence: a capital or a backtick, words, a full stop. */
const HEADER = /^(?:#![^\n]*\n)?\/\*\*[\s*]+[\p{Lu}`"'][^]*?\p{L}[^]*?[.:][^]*?\*\//u

export function headerViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter((file) => !HEADER.test(file.text.slice(0, file.text.indexOf('*/') + 2)))
    .map((file) => ({
      file: file.path,
      line: 1,
      message: 'does not begin with a `/** ... */` sentence. Say what the file knows and what it does not.',
    }))
}
