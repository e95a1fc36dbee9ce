/** Values of the environment that a configuration names, for what needs no configuration file. Knows names; decides nothing. */

/** The value of an environment variable, when it is set. */
export function readEnvironment({ env }: { readonly env: string }): string | undefined {
  return process.env[env]
}
