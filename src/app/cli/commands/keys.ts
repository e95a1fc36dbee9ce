/** `touchstone keys`: service keys for the HTTP server. */
import type { CredentialRole } from '../../../contracts/credential.ts'
import { parsePrincipal, userPrincipal } from '../../../foundation/access/principal.ts'
import { systemIds } from '../../../foundation/concurrency/random.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { createServiceKey } from '../../http/service-keys.ts'
import type { CommonOptions } from '../common-options.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export interface CreateKeyOptions extends CommonOptions {
  readonly role: CredentialRole
  readonly actForUsers?: boolean
  readonly user?: string
}

const FIRST_KEY =
  'From now on every request needs a key or a token, on loopback too: the header touchstone-user alone no longer says who asks. ' +
  'For the page and for programs that ask: `npx touchstone keys create NAME --act-for-users`.'

export async function createKey(name: string, options: CreateKeyOptions): Promise<void> {
  if (options.user !== undefined && options.actForUsers === true) {
    const details = { name: '--act-for-users', reason: 'does not go with --user', command: 'keys create' }
    throw new TouchstoneError('ARGUMENT_INVALID', { details })
  }
  const principal = options.user === undefined ? parsePrincipal(`service:${name}`) : userPrincipal(options.user)
  const made = await withApplication(options, async (application) => {
    const { tenant, credentials } = application
    const wanted = { tenant, name, principal, role: options.role, mayActForUsers: options.actForUsers === true }
    const before = await credentials.list(tenant)
    const created = await createServiceKey(credentials, wanted, systemIds.bytes)
    await application.audit.append({ tenant, actor: 'command-line', action: 'key.create', target: created.key.id })
    return { ...created, isFirst: before.length === 0 }
  })
  if (options.json === true) return terminal.printJson({ ...made.key, token: made.token })
  terminal.print(made.token)
  terminal.note('This is the only time the key is shown. Send it as `authorization: Bearer KEY`.')
  if (made.isFirst) terminal.note(FIRST_KEY)
}

export async function listKeys(options: CommonOptions): Promise<void> {
  const items = await withApplication(options, (application) => application.credentials.list(application.tenant))
  if (options.json === true) return terminal.printJson({ items })
  if (items.length === 0) terminal.print('There are no keys: on loopback, callers name themselves.')
  for (const key of items) {
    const rights = `${key.role}${key.mayActForUsers ? ', acts for users' : ''}`
    terminal.print(`${key.id}  ${key.name} · ${key.principal} · ${rights}${key.revokedAtMs === undefined ? '' : ' · revoked'}`)
  }
}

export async function revokeKey(id: string, options: CommonOptions): Promise<void> {
  const revoked = await withApplication(options, async ({ credentials, audit, tenant }) => {
    const done = await credentials.revoke(tenant, id)
    if (done) await audit.append({ tenant, actor: 'command-line', action: 'key.revoke', target: id })
    return done
  })
  if (!revoked) throw new TouchstoneError('KEY_UNKNOWN', { details: { key: id } })
  if (options.json === true) return terminal.printJson({ id, revoked })
  terminal.print(`${id} is revoked.`)
}

/** After a restore into a lost state: a key that was active in the backup works again. */
export async function confirmKey(id: string, options: CommonOptions): Promise<void> {
  const confirmed = await withApplication(options, async ({ credentials, audit, tenant }) => {
    const done = await credentials.confirm(tenant, id)
    if (done) await audit.append({ tenant, actor: 'command-line', action: 'key.confirm', target: id })
    return done
  })
  if (!confirmed) throw new TouchstoneError('CREDENTIAL_INVALID', { details: { reason: `no restored key "${id}" waits` } })
  if (options.json === true) return terminal.printJson({ id, confirmed })
  terminal.print(`${id} works again.`)
}
