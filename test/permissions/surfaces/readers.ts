/** Who can read a document, as `access who-can-read` tells administrators: one decision for each user. */
import { isTouchstoneError } from '../../../src/foundation/errors/touchstone-error.ts'
import { USERS } from '../changes.ts'
import { anyDocument, type Surface } from './surface.ts'

export const readers: Surface = {
  id: 'who can read',
  steadyOnly: true,
  weight: 2,
  look: async (look) => {
    const { id } = anyDocument(look)
    const mayRead = look.world.view().mayRead
    const right = USERS.filter((user) => mayRead(user, id))
    const said = await look.running.application.whoCanRead(id).then(
      ({ users }) => users,
      (error: unknown) => {
        if (isTouchstoneError(error, 'DOCUMENT_UNKNOWN')) return []
        throw error
      },
    )
    const wrong =
      said.toSorted().join() === right.join() ? [] : [`${id} is said to be read by ${said.join()}, not by ${right.join()}`]
    return { text: '', compared: USERS.length, wrong }
  },
}
