import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSqliteState } from './open-sqlite-state.ts'

test('a new state that another process is making at this moment is waited for [I4]', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'touchstone-sqlite-'))
  try {
    const path = join(folder, 'state.sqlite')
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const opening = openSqliteState(path)
    setTimeout(() => other.exec('commit'), 100)
    const state = await opening
    assert.deepEqual(await state.selectFrom('documents').selectAll().execute(), [])
    await state.destroy()
    other.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
