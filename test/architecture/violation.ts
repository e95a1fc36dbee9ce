/** What a rule reports: where, and what to do about it. Knows nothing of the rules. */

export interface Violation {
  /** Relative to the project root, with `/`. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** What is wrong and how to cure it, in one sentence or two. */
  readonly message: string
}

/** `file:line: message`, one a line, in the order of files. Empty when there is nothing to report. */
export function formatViolations(violations: readonly Violation[]): string {
  return violations
    .toSorted((left, right) => left.file.localeCompare(right.file) || left.line - right.line)
    .map(({ file, line, message }) => `${file}:${line}: ${message}`)
    .join('\n')
}
