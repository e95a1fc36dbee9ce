/** What is wrong with the settings of one extension, as lines of the configuration's error. Knows no extension. */
import type { Extension } from '../contracts/extension.ts'
import { isTouchstoneError, messageOf } from '../foundation/errors/touchstone-error.ts'

/** @param settings its kind and that kind's options @param place of the settings in the configuration, e.g. `retrievers.wiki` */
export function extensionProblems(
  catalog: readonly Pick<Extension<unknown, never, unknown>, 'id' | 'parseOptions'>[],
  place: string,
  settings: { readonly kind: string },
): readonly string[] {
  const extension = catalog.find((candidate) => candidate.id === settings.kind)
  const kinds = catalog.map((candidate) => candidate.id).join(', ')
  if (extension === undefined) return [`${place}.kind: there is no "${settings.kind}"; known: ${kinds}`]
  try {
    extension.parseOptions(settings)
    return []
  } catch (error) {
    if (!isTouchstoneError(error, 'CONFIG_INVALID')) return [`${place}: ${messageOf(error)}`]
    return String(error.details['problems'])
      .split('\n')
      .map((problem) => `${place}.${problem.trim()}`)
  }
}
