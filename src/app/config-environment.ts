/** The environment for what needs no configuration file: values that options name, and what programs are told of it. Decides nothing. */

/** The value of an environment variable, when it is set. */
export function readEnvironment({ env }: { readonly env: string }): string | undefined {
  return process.env[env]
}

const INHERITED =
  /^(?:PATH|PATHEXT|HOME|USER|USERNAME|LOGNAME|USERPROFILE|APPDATA|LOCALAPPDATA|XDG_CONFIG_HOME|SYSTEMROOT|COMSPEC|TMPDIR|TEMP|TMP|SSH_AUTH_SOCK|SSL_CERT_(?:FILE|DIR)|GIT_SSL_CA(?:INFO|PATH)|(?:HTTPS?|ALL|NO)_PROXY)$/i

/** What programs that Touchstone starts may know of the environment; whatever may be a secret stays here. */
export function inheritedEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => INHERITED.test(entry[0]) && entry[1] !== undefined),
  )
}
