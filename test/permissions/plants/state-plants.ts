/** A state that keeps what it should have dropped, or mixes up whose it is. */
import { type Plant, spoiledState } from './plant.ts'

export const statePlants: readonly Plant[] = [
  {
    id: 'a moved document keeps its old rights',
    prepare: spoiledState(
      'create trigger leak after update of scope on documents when old.scope <> new.scope begin update documents set scope = old.scope where tenant = new.tenant and id = new.id; end',
    ),
  },
  {
    id: 'a deleted document stays',
    prepare: spoiledState('create trigger leak before delete on documents begin select raise(ignore); end'),
  },
  {
    id: 'a rule of one source rules the same place of another',
    prepare: spoiledState(
      'create trigger leak after update of acl on scopes begin update scopes set acl = new.acl where tenant = new.tenant and place = new.place and source <> new.source; end',
    ),
  },
  {
    id: 'a restore replays old rights and holds nothing back',
    prepare: spoiledState('create trigger leak before insert on restore_marks begin select raise(ignore); end'),
  },
]
