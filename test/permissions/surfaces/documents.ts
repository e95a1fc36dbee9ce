/** The list of documents, page by page, and the stored text that citations point into. */
import type { Sight } from '../judge.ts'
import type { KnownDocument } from '../world.ts'
import { anyDocument, documentPath, type Look, parsed, type Surface } from './surface.ts'

interface Page {
  readonly items: readonly { readonly document: string; readonly version: string }[]
  readonly next: string
}

export const documentList: Surface = {
  id: 'documents',
  weight: 3,
  look: async ({ running, user, world, random }) => {
    // Hundreds of documents in pages of three are hundreds of requests.
    const limit = random.pick([world.documents.size > 200 ? 100 : 3, 50, 200])
    let text = ''
    const named: string[] = []
    for (let after = ''; ;) {
      const next = after === '' ? '' : `&after=${encodeURIComponent(after)}`
      const reply = await running.call('ask', user, 'GET', `/v1/documents?limit=${limit}${next}`)
      const page = parsed<Page>(reply.text)
      text += reply.text
      for (const { document, version } of page.items ?? []) {
        named.push(document)
        world.documents.get(document)?.versions.add(version)
      }
      if (page.next === undefined) return { text, named, complete: 'all' }
      after = page.next
    }
  },
}

/** Also of a version that was replaced. Whoever may not read one is told what everybody is told of one that never was. */
export const documentText: Surface = {
  id: 'document text',
  weight: 3,
  look: (look) => openText(look, anyDocument(look)),
}

export async function openText(look: Look, { id, name, versions }: KnownDocument): Promise<Sight> {
  const { running, user } = look
  const version = look.random.pick([...versions, 'unknown'])
  const reply = await running.call('ask', user, 'GET', `${documentPath(id)}/versions/${encodeURIComponent(version)}/text`)
  if (reply.status === 200) return { text: reply.text, named: [id], asked: [name], older: true }
  const nothing = await running.call(
    'ask',
    user,
    'GET',
    `${documentPath('crm:none.md')}/versions/${encodeURIComponent(version)}/text`,
  )
  const plain = (text: string): string => text.replaceAll(id, 'crm:none.md').replaceAll(/"requestId":"[^"]*"/g, '')
  const differs = plain(reply.text) !== plain(nothing.text)
  const wrong = differs ? [`an error tells ${id} from a document that never was: ${reply.text}`] : []
  return { text: reply.text, asked: [name], older: true, wrong }
}
