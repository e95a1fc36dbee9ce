/** What a feature's rules come to in a language, worked out once. Knows nothing of what rules say. */

/** @param compile what rules come to; called once for the same list and language */
export function compileByLanguage<Rules extends object, Compiled>(
  compile: (rules: Rules, language: string) => Compiled,
): (rules: Rules, language: string) => Compiled {
  const known = new WeakMap<Rules, Map<string, Compiled>>()
  return (rules, language) => {
    const byLanguage = known.get(rules) ?? new Map<string, Compiled>()
    known.set(rules, byLanguage)
    const compiled = byLanguage.get(language) ?? compile(rules, language)
    byLanguage.set(language, compiled)
    return compiled
  }
}
