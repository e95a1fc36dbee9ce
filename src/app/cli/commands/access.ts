/** `touchstone access`: who may read a document, what a user may read, who there is. */
import { liftRestoreMark } from '../../../foundation/storage/restore-marks.ts'
import type { CommonOptions } from '../common-options.ts'
import { countOf } from '../count-of.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export async function whoCanRead(document: string, options: CommonOptions): Promise<void> {
  const found = await withApplication({ ...options, ingestFirst: true }, (application) => application.whoCanRead(document))
  if (options.json === true)
    return terminal.printJson({
      document,
      items: found.users.map((user) => ({ user })),
      acl: found.acl ?? null,
      withheld: found.withheld,
    })
  terminal.print(found.acl === undefined ? 'Nobody: no valid rule gives access.' : `Rule: ${describe(found.acl)}`)
  if (found.withheld) return terminal.print('Nobody now: its source is withheld, `npx touchstone sources --health` says why.')
  terminal.print(found.users.length === 0 ? 'No enabled user satisfies it.' : found.users.join('\n'))
}

function describe(acl: { deny: readonly string[]; all: readonly { any: readonly string[] }[] }): string {
  const clauses = acl.all.map((clause) => `(${clause.any.join(' or ')})`).join(' and ')
  return acl.deny.length === 0 ? clauses : `${clauses}, but never ${acl.deny.join(', ')}`
}

export async function whatCanRead(user: string, options: CommonOptions): Promise<void> {
  const items = await withApplication({ ...options, ingestFirst: true }, async (application) => {
    const caller = { tenant: application.tenant, user }
    return application.documents(caller, { limit: Number.MAX_SAFE_INTEGER })
  })
  if (options.json === true) return terminal.printJson({ user, items })
  for (const item of items) terminal.print(`${item.document}  ${terminal.style('dim', item.title)}`)
  terminal.note(countOf(items.length, 'document'))
}

export async function listUsers(options: CommonOptions): Promise<void> {
  const items = await withApplication(options, (application) => application.principals.users(application.tenant))
  if (options.json === true) return terminal.printJson({ items })
  for (const user of items)
    terminal.print(
      `${terminal.style('bold', user.id)} ${user.name}${user.disabled ? ' (disabled)' : ''} · ${user.groups.join(', ')}`,
    )
}

/** After a restore into a lost state: an administrator has looked at who is there, who is disabled, and who is in which group. */
export async function confirmDirectory(options: CommonOptions): Promise<void> {
  const confirmed = await withApplication(options, async ({ foundation, audit, tenant }) => {
    const done = await liftRestoreMark(foundation.state, tenant, ['directory'], '')
    if (done) await audit.append({ tenant, actor: 'command-line', action: 'access.confirm', target: 'directory' })
    return done
  })
  if (options.json === true) return terminal.printJson({ confirmed })
  terminal.print(confirmed ? 'Users and groups are confirmed.' : 'There was nothing to confirm.')
}
