/** Names of repositories and revisions as people write them, what may not be among them, and pages on the web that show a file. */
import { resolve } from 'node:path'
import { z } from 'zod'

/** Transports that git may use, whatever a configuration of git says. */
export const GIT_PROTOCOLS = 'file:http:https:ssh'

const SCP_ADDRESS = /^[\w.-]+@[\w.-]+:(?!:)/
const URL_ADDRESS = /^([a-z][a-z0-9+.-]*):\/\//i

/** A path, an http(s), ssh or file URL, or user@host:path. What git would take for an option or a program is refused. */
export const repositorySchema = z
  .string()
  .min(1)
  .max(2_000)
  .superRefine((address, context) => {
    const problem = addressProblem(address)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

function addressProblem(address: string): string | undefined {
  if (address.startsWith('-')) return 'begins with -'
  if (/\p{Cc}/u.test(address)) return 'holds a control character'
  if (/^[a-z0-9+.-]*::/i.test(address)) return 'transport helpers (name::address) are refused'
  const protocol = URL_ADDRESS.exec(address)?.[1]?.toLowerCase()
  if (protocol === undefined) return undefined
  if (!GIT_PROTOCOLS.split(':').includes(protocol)) return `${protocol} is refused; use https, ssh, http or file, or a path`
  if (!URL.canParse(address)) return 'is no valid URL'
  const { hostname, username, password } = new URL(address)
  if (password !== '' || (username !== '' && protocol.startsWith('http')))
    return 'a URL holds no secret: name the environment variable of a token as token: { env: NAME }'
  if (hostname.startsWith('-') || decodeURIComponent(username).startsWith('-')) return 'its host or user begins with -'
  return protocol === 'file' && hostname !== '' ? 'a file URL names no host' : undefined
}

/** A branch, a tag or a commit: no option, no refspec, no expression. */
export const revisionSchema = z
  .string()
  .regex(
    /^(?![-+/.])(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\s~^:?*[\\\p{Cc}]{1,200}(?<![/.])$/u,
    'name a branch, a tag or a commit',
  )

export function isLocal(address: string): boolean {
  return !SCP_ADDRESS.test(address) && !URL_ADDRESS.test(address)
}

/** As git is given it: paths are absolute. */
export function toAddress(repository: string, baseDirectory: string): string {
  return isLocal(repository) ? resolve(baseDirectory, repository) : repository
}

/** Whether a secret may be sent there: over TLS, or not beyond this machine. */
export function maySendSecret(repository: string): boolean {
  if (!URL.canParse(repository)) return false
  const { protocol, hostname } = new URL(repository)
  return protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname))
}

/** How well-known hosts show a file of a commit. */
const FILE_PAGES: Readonly<Record<string, string>> = {
  'github.com': '/blob/{commit}/{path}',
  'gitlab.com': '/-/blob/{commit}/{path}',
  'bitbucket.org': '/src/{commit}/{path}',
  'codeberg.org': '/src/commit/{commit}/{path}',
}

/** @returns the template of `fileUrl` for a repository of a well-known host */
export function filePageOf(repository: string): string | undefined {
  const address = /^(?:https?:\/\/|ssh:\/\/(?:[^@/]+@)?|[\w.-]+@)([\w.-]+)(?::\d+(?=\/))?[/:](.+?)(?:\.git)?\/?$/i.exec(
    repository,
  )
  const [, host = '', path = ''] = address ?? []
  const page = FILE_PAGES[host.toLowerCase()]
  return page === undefined ? undefined : `https://${host.toLowerCase()}/${path}${page}`
}

export function fillFileUrl(template: string, commit: string, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return template.replaceAll('{commit}', commit).replaceAll('{path}', () => encoded)
}
