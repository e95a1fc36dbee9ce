/** Users and groups that a directory service keeps here (SCIM): what it sent, and the principal that stands for it. Knows nothing of SCIM's wire. */

export type ProvisionedKind = 'user' | 'group'

/** What a directory service says of one user or group. */
export interface ProvisionedFacts {
  /** `userName` of a user, `displayName` of a group. Unique within its kind, whatever the case. */
  readonly name: string
  /** How people see it. */
  readonly shownName: string
  readonly externalId?: string
  /** Of users; false means that the person reads nothing from the next query on. */
  readonly active: boolean
  /** Everything that was sent, as plain data. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** Of groups: ids of the users and groups directly in it. */
  readonly members: readonly string[]
}

export interface ProvisionedResource extends ProvisionedFacts {
  readonly id: string
  readonly kind: ProvisionedKind
  /** What permissions call it, e.g. `user:maria` or `group:Finance-Europe`. */
  readonly principal: string
  /** Counts its changes. */
  readonly revision: number
  readonly createdAtMs: number
  readonly modifiedAtMs: number
}

/** Restricts a list; all given parts must hold. Names are compared without case. */
export interface ProvisionedFilter {
  readonly id?: string
  readonly name?: string
  readonly externalId?: string
}

/** Every change is one transaction and counts at the next query. */
export interface ProvisionedDirectory {
  /** Oldest first. @param withMembers false leaves `members` empty, which is quicker */
  list(kind: ProvisionedKind, filter: ProvisionedFilter, withMembers: boolean): Promise<readonly ProvisionedResource[]>
  /** @throws TouchstoneError DIRECTORY_ENTRY_UNKNOWN */
  get(kind: ProvisionedKind, id: string): Promise<ProvisionedResource>
  /** Groups that each member is directly in. */
  groupsOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly { readonly id: string; readonly name: string }[]>>
  /** @throws TouchstoneError PRINCIPAL_TAKEN, DIRECTORY_VALUE_INVALID */
  create(kind: ProvisionedKind, facts: ProvisionedFacts): Promise<ProvisionedResource>
  /**
   * @param edit makes the new facts of the present ones; may throw, and then nothing changes
   * @throws TouchstoneError DIRECTORY_ENTRY_UNKNOWN, PRINCIPAL_TAKEN, DIRECTORY_VALUE_INVALID, and what `edit` throws
   */
  change(
    kind: ProvisionedKind,
    id: string,
    edit: (present: ProvisionedResource) => ProvisionedFacts,
  ): Promise<ProvisionedResource>
  /** The principal stays removed, whatever else still names it. @throws TouchstoneError DIRECTORY_ENTRY_UNKNOWN, and what `check` throws */
  remove(kind: ProvisionedKind, id: string, check: (present: ProvisionedResource) => void): Promise<void>
}
