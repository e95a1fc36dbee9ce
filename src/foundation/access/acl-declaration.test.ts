import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAclDeclaration } from './acl-declaration.ts'
import { combineDeclarations, mayRead } from './acl-decision.ts'
import type { PrincipalId } from '../../contracts/identity.ts'

const everyone = new Set(['everyone', 'user:maria', 'group:legal'] as PrincipalId[])

const table: readonly (readonly [string, readonly unknown[], boolean])[] = [
  ['readers are shorthand for one clause', [{ readers: ['everyone'] }], true],
  ['no declaration means nobody', [], false],
  ['an empty declaration means nobody', [{}], false],
  ['an empty list of readers means nobody', [{ readers: [] }], false],
  ['an empty conjunction means nobody', [{ all: [] }], false],
  ['each clause must hold', [{ all: [{ any: ['group:legal'] }, { any: ['group:hr'] }] }], false],
  ['the nearest readers replace the inherited', [{ readers: ['group:hr'] }, { readers: ['everyone'] }], true],
  ['the nearest readers narrow too', [{ readers: ['everyone'] }, { readers: ['group:hr'] }], false],
  ['denies accumulate past a nearer allow', [{ readers: ['everyone'], deny: ['user:maria'] }, { readers: ['everyone'] }], false],
  ['a deny alone keeps what is inherited', [{ readers: ['everyone'] }, { deny: ['user:tom'] }], true],
  ['a misspelt key means nobody', [{ readers: ['everyone'] }, { reader: ['everyone'] }], false],
  ['an invalid principal means nobody', [{ readers: ['everyone', 'board members'] }], false],
  ['an invalid outer rule is not healed by a valid inner one', [{ readers: 'everyone' }, { readers: ['everyone'] }], false],
  ['readers and all together mean nobody', [{ readers: ['everyone'], all: [{ any: ['everyone'] }] }], false],
  ['a list is no declaration', [['everyone']], false],
  ['nothing is no declaration', [null], false],
]

for (const [title, declarations, allowed] of table)
  test(`${title} [A4]`, () => {
    const combined = combineDeclarations(declarations.map((declaration) => parseAclDeclaration(declaration)))
    assert.equal(mayRead(combined, everyone), allowed)
  })
