/** The SCIM schemas of what is kept here (RFC 7643), as data: also what is read, compared and patched is decided by them. */

export type AttributeType = 'string' | 'boolean' | 'complex' | 'reference' | 'dateTime'

export interface ScimAttribute {
  readonly name: string
  readonly type: AttributeType
  readonly multiValued: boolean
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readWrite' | 'readOnly' | 'immutable'
  readonly returned: 'default' | 'always'
  readonly uniqueness: 'none' | 'server'
  readonly description: string
  readonly subAttributes?: readonly ScimAttribute[]
}

export interface ScimSchema {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly ScimAttribute[]
}

function attribute(name: string, description: string, changes: Partial<ScimAttribute> = {}): ScimAttribute {
  const plain = { type: 'string', multiValued: false, required: false, caseExact: false } as const
  return { name, ...plain, mutability: 'readWrite', returned: 'default', uniqueness: 'none', description, ...changes }
}

/** A list of values, each with a type, at most one of them primary. */
function plural(name: string, description: string, more: readonly ScimAttribute[] = []): ScimAttribute {
  const subAttributes = [
    attribute('value', 'The value'),
    attribute('display', 'How it is shown'),
    attribute('type', 'What it is for, e.g. work'),
    attribute('primary', 'Whether it is the preferred one', { type: 'boolean' }),
    ...more,
  ]
  return attribute(name, description, { type: 'complex', multiValued: true, subAttributes })
}

function complex(name: string, description: string, names: readonly string[]): ScimAttribute {
  return attribute(name, description, { type: 'complex', subAttributes: names.map((each) => attribute(each, each)) })
}

const readOnly = { mutability: 'readOnly' } as const

/** What every resource has beside its schema (RFC 7643, 3.1). */
export const commonAttributes: readonly ScimAttribute[] = [
  attribute('id', 'Given here, never changed', { ...readOnly, caseExact: true, returned: 'always' }),
  attribute('externalId', 'What the directory service calls it', { caseExact: true }),
  attribute('schemas', 'Which schemas it has', { type: 'reference', multiValued: true, caseExact: true, returned: 'always' }),
  attribute('meta', 'When it was made and changed', {
    ...readOnly,
    type: 'complex',
    subAttributes: [
      attribute('resourceType', 'User or Group', { ...readOnly, caseExact: true }),
      attribute('created', 'When it was made', { ...readOnly, type: 'dateTime' }),
      attribute('lastModified', 'When it last changed', { ...readOnly, type: 'dateTime' }),
      attribute('location', 'Where it is', { ...readOnly, type: 'reference', caseExact: true }),
      attribute('version', 'Its entity tag', { ...readOnly, caseExact: true }),
    ],
  }),
]

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group'
/** Ours: what permissions call the user or group. */
export const PRINCIPAL_SCHEMA = 'urn:touchstone:params:scim:schemas:extension:1.0:Principal'

export const scimSchemas: readonly ScimSchema[] = [
  {
    id: USER_SCHEMA,
    name: 'User',
    description: 'A person; userName is the user in user:ID of permissions, and what tokens name.',
    attributes: [
      attribute('userName', 'The name that signs in; unique', { required: true, uniqueness: 'server' }),
      complex('name', 'The parts of the name', [
        'formatted',
        'familyName',
        'givenName',
        'middleName',
        'honorificPrefix',
        'honorificSuffix',
      ]),
      ...['displayName', 'nickName', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'].map((name) =>
        attribute(name, name),
      ),
      attribute('profileUrl', 'A page about the person', { type: 'reference' }),
      attribute('active', 'Whether the person reads anything', { type: 'boolean' }),
      plural('emails', 'Mail addresses'),
      plural('phoneNumbers', 'Telephone numbers'),
      plural('ims', 'Addresses of messengers'),
      plural('photos', 'Pictures'),
      plural(
        'addresses',
        'Postal addresses',
        ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'].map((name) => attribute(name, name)),
      ),
      plural('entitlements', 'What the person may use elsewhere; means nothing here'),
      plural('roles', 'What the person is; means nothing here'),
      attribute('groups', 'Groups that the person is directly in', {
        ...readOnly,
        type: 'complex',
        multiValued: true,
        subAttributes: ['value', '$ref', 'display'].map((name) => attribute(name, name, { ...readOnly, caseExact: true })),
      }),
    ],
  },
  {
    id: ENTERPRISE_SCHEMA,
    name: 'EnterpriseUser',
    description: 'The person in the company.',
    attributes: [
      ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map((name) => attribute(name, name)),
      complex('manager', 'Whom the person reports to', ['value', '$ref', 'displayName']),
    ],
  },
  {
    id: GROUP_SCHEMA,
    name: 'Group',
    description: 'A group; its first displayName, with dashes for spaces, is the group in group:ID of permissions.',
    attributes: [
      attribute('displayName', 'The name; unique', { required: true, uniqueness: 'server' }),
      attribute('members', 'Users and groups directly in it', {
        type: 'complex',
        multiValued: true,
        subAttributes: [
          attribute('value', 'Their id', { caseExact: true, mutability: 'immutable' }),
          attribute('$ref', 'Where they are', { type: 'reference', caseExact: true, mutability: 'immutable' }),
          attribute('type', 'User or Group', { mutability: 'immutable' }),
          attribute('display', 'How they are shown', { mutability: 'immutable' }),
        ],
      }),
    ],
  },
  {
    id: PRINCIPAL_SCHEMA,
    name: 'Principal',
    description: 'What permissions call it.',
    attributes: [attribute('principal', 'user:ID or group:ID, as an acl names it', { ...readOnly, caseExact: true })],
  },
]
