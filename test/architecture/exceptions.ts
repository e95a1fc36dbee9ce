/** Named exceptions to a rule: files, each with its reason. Knows how to match them; the rules hold their own lists. */
import picomatch from 'picomatch'

export interface Exception {
  /** A path of the project or a glob: `src/app/cli/**`. */
  readonly files: string
  /** Why the rule does not hold there. */
  readonly reason: string
}

export function isExcepted(path: string, exceptions: readonly Exception[]): boolean {
  return exceptions.some(({ files }) => picomatch(files)(path))
}
