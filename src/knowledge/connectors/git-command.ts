/** Runs the system's git: never through a shell, never asking anybody, never with a hook. Knows how its failures are told; knows no repository. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { messageOf, TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import { GIT_PROTOCOLS } from './git-repository.ts'

/** Settings by environment need 2.31 (March 2021). */
const NEEDED = [2, 31] as const

export interface GitOptions {
  readonly source: string
  /** What git may know of the environment. */
  readonly environment: Readonly<Record<string, string>>
  /** The bare repository that commands work in. */
  readonly directory: string
  /** As git is given it. */
  readonly address: string
  readonly ref: string
  /** Sent as HTTP header to the address, and to nothing else. */
  readonly authorization?: string
}

export interface Git {
  /** @returns standard output @throws TouchstoneError GIT_*, SOURCE_LISTING_FAILED */
  run(args: readonly string[], signal: AbortSignal): Promise<Buffer>
  /** A process that reads requests and writes answers until its input ends. */
  start(args: readonly string[]): ChildProcessByStdio<Writable, Readable, null>
}

/** Settings that hold whatever other configuration says. A hook or a helper program in it is not run. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['core.hooksPath', process.platform === 'win32' ? 'NUL' : '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.askPass', ''],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.autoDetach', 'false'],
  ['maintenance.autoDetach', 'false'],
  // A server that still counts objects says so now and then; one that says nothing at all is gone.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '120'],
]

export function createGit(options: GitOptions): Git {
  const settings = [...SETTINGS, ...authorizationSettings(options)]
  const env = {
    ...options.environment,
    ...settingsByEnvironment(settings),
    GIT_DIR: options.directory,
    GIT_ALLOW_PROTOCOL: GIT_PROTOCOLS,
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ATTR_NOSYSTEM: '1',
    LC_ALL: 'C',
  }
  return {
    run: async (args, signal) => {
      const child = spawn('git', args, { env, stdio: ['ignore', 'pipe', 'pipe'], signal, windowsHide: true })
      const ended = new Promise<number | null>((resolve, reject) => {
        child.on('error', reject)
        child.on('close', resolve)
      })
      try {
        const [output, said, code] = await Promise.all([buffer(child.stdout), text(child.stderr), ended])
        if (code !== 0) throw toGitError(said, options)
        return output
      } catch (error) {
        signal.throwIfAborted()
        throw error instanceof TouchstoneError ? error : missing(messageOf(error), options)
      }
    },
    start: (args) => spawn('git', args, { env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true }),
  }
}

/** @throws TouchstoneError GIT_MISSING when there is no git, or one that is too old */
export async function requireGit(git: Git, options: GitOptions, signal: AbortSignal): Promise<void> {
  const said = (await git.run(['--version'], signal)).toString()
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(said) ?? []).map(Number)
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) throw missing(`found ${said.trim()}`, options)
}

function missing(reason: string, { source }: GitOptions): TouchstoneError {
  return new TouchstoneError('GIT_MISSING', { details: { source, reason, needed: NEEDED.join('.') } })
}

/** By environment, since command lines can be read by every process of the machine. */
function settingsByEnvironment(settings: readonly (readonly [string, string])[]): Record<string, string> {
  const entries = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ])
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) }
}

function authorizationSettings({ address, authorization }: GitOptions): [string, string][] {
  if (authorization === undefined) return []
  // Nothing else is asked for credentials, and a server that sends elsewhere does not get the header there.
  return [
    [`http.${new URL(address).origin}/.extraHeader`, `Authorization: ${authorization}`],
    ['http.followRedirects', 'false'],
    ['credential.helper', ''],
  ]
}

type GitCode = 'DISK_FULL' | 'GIT_ACCESS_REFUSED' | 'GIT_REVISION_MISSING' | 'GIT_OWNER_DOUBTED' | 'GIT_REPOSITORY_MISSING'

/** In this order: a message may hold several. */
const FAILURES: readonly (readonly [RegExp, GitCode])[] = [
  [/no space left/i, 'DISK_FULL'],
  [/dubious ownership/i, 'GIT_OWNER_DOUBTED'],
  [/couldn't find remote ref|not our ref|no such remote ref|unadvertised object|needed a single revision/i, 'GIT_REVISION_MISSING'],
  [/authentication failed|could not read (?:username|password)|permission denied|returned error: 40[13]|host key verification failed|access denied/i, 'GIT_ACCESS_REFUSED'],
  [/does not appear to be a git repository|does not exist|no such file|not found|returned error: 404|not a git repository/i, 'GIT_REPOSITORY_MISSING'],
] // prettier-ignore

function toGitError(said: string, { source, address, ref, directory }: GitOptions): TouchstoneError {
  const reason = said.replace(/\s+/g, ' ').trim().slice(0, 500)
  const code = FAILURES.find(([pattern]) => pattern.test(said))?.[1] ?? 'SOURCE_LISTING_FAILED'
  return new TouchstoneError(code, { details: { source, repository: address, ref, reason, path: directory } })
}
