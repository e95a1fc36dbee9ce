/** Access decisions that are wrong: a denial, a clause, a group, a person, a tenant that does not count as it should. */
import { accessOver, changedRows, changedSql, type Plant, spoiledState } from './plant.ts'

/** Raises nothing and drops nothing: who was in a group once is in it for ever. */
const KEPT_MEMBERSHIPS = [
  'create table memberships_kept as select * from memberships',
  'create unique index memberships_kept_once on memberships_kept (tenant, member, parent)',
  'create trigger keep after insert on memberships begin insert or ignore into memberships_kept values (new.tenant, new.member, new.parent, new.origin); end',
]

const WITHOUT_GRANTS = 'select id from acls where not exists (select 1 from acl_grants where acl_grants.acl = acls.id)'

export const accessPlants: readonly Plant[] = [
  {
    id: 'a denial is ignored',
    tampering: accessOver(
      changedSql(['select acl from acl_denials where tenant = ', "select acl from acl_denials where 'x' || tenant = "]),
    ),
  },
  {
    id: 'a denial is not stored',
    prepare: spoiledState('create trigger leak before insert on acl_denials begin select raise(ignore); end'),
  },
  {
    id: 'one clause of two is checked',
    tampering: accessOver(changedSql(['having count(distinct acl_grants.clause) = acls.clause_count', 'having count(*) >= 1'])),
  },
  {
    id: 'an empty list of principals counts as everybody',
    tampering: accessOver(changedSql([' and scopes.acl in (', ` and scopes.acl in (${WITHOUT_GRANTS} union `])),
  },
  {
    id: 'no rule at all counts as everybody',
    tampering: accessOver(
      changedSql(
        [' and scopes.acl in (', ' and ifnull(scopes.acl, -1) in (select -1 union '],
        [' and scopes.acl not in (', ' and ifnull(scopes.acl, -1) not in ('],
      ),
    ),
  },
  {
    id: 'somebody disabled keeps their principals',
    tampering: accessOver(changedRows((row) => ('disabled' in row ? { ...row, disabled: 0 } : row))),
  },
  {
    id: 'a group in a group is not reached',
    tampering: accessOver(
      changedSql(['memberships.member = reached.parent where', 'memberships.member = reached.parent and 1 = 0 where']),
    ),
  },
  {
    id: 'a group that was left is still reached',
    prepare: spoiledState(...KEPT_MEMBERSHIPS),
    tampering: accessOver(
      changedSql(
        ['select parent from memberships where', 'select parent from memberships_kept memberships where'],
        ['from memberships join reached', 'from memberships_kept memberships join reached'],
      ),
    ),
  },
  {
    id: 'groups of two sources that are called alike are one',
    tampering: accessOver(
      changedSql([
        ') select parent from reached',
        `) select parent from reached union select replace(parent, 'group:crm.', 'group:wiki.') from reached
          union select replace(parent, 'group:wiki.', 'group:crm.') from reached`,
      ]),
    ),
  },
  {
    id: "another tenant's memberships count",
    tampering: accessOver(changedSql(['from memberships where tenant = ', "from memberships where '' <> "])),
  },
  {
    id: 'decisions are remembered without the generation of permissions',
    tampering: accessOver(
      changedRows((row) => {
        if ('generation' in row) return { ...row, generation: 1 }
        return Object.keys(row).join() === 'value' ? { value: 1 } : row
      }),
    ),
  },
]
