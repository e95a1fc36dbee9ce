/** What was done to a tenant, in order, and the words by which a document is recognised wherever it shows. Decides nothing. */
import { createOracle, type Edit, type Rule } from './oracle.ts'
import type { Random } from '../fuzz/random.ts'

/** One word that stands in one version of one document, or in its name, and nowhere else. */
interface Mark {
  readonly tenant: string
  readonly document: string
  /** The number of edits from which on, and until which, a document says it; a name stays. */
  readonly from: number
  until: number
  readonly isName: boolean
}

export interface KnownDocument {
  readonly id: string
  readonly source: string
  readonly path: string
  readonly name: string
  /** Searched for; nothing secret. */
  lure: string
  text: string
  isDeleted: boolean
  /** Of the versions that it had, as the product names them; filled in by looks. */
  readonly versions: Set<string>
}

export class World {
  readonly tenant: string
  readonly edits: Edit[] = []
  readonly documents = new Map<string, KnownDocument>()
  /** What another department has: searched beside the own, never listed. */
  readonly annex = new Map<string, KnownDocument>()
  readonly rules = new Map<string, Rule>()
  /** Conversations and traces by whom they belong to. */
  readonly talks = new Map<string, string>()
  readonly traces = new Map<string, string>()
  readonly #words: Words

  constructor(tenant: string, words: Words) {
    this.tenant = tenant
    this.#words = words
  }

  apply(edits: readonly Edit[]): void {
    for (const edit of edits) {
      this.edits.push(edit)
      if (edit.kind === 'rule' && edit.rule !== undefined) this.rules.set(edit.place, edit.rule)
      if (edit.kind === 'rule' && edit.rule === undefined) this.rules.delete(edit.place)
      if (edit.kind !== 'document') continue
      const document = this.documents.get(edit.id)
      if (document !== undefined) document.isDeleted = edit.places === undefined
    }
  }

  /** The document that the coming edits bring or rewrite; what it said until then is said no longer once they are applied. */
  say(document: KnownDocument, text: string, lure: string, edits: number): void {
    const at = this.edits.length + edits
    for (const word of wordsIn(document.text)) this.#words.end(word, this.tenant, document.id, at)
    this.documents.set(document.id, document)
    document.text = text
    document.lure = lure
    this.#words.add(document.name, { tenant: this.tenant, document: document.id, from: 0, until: Infinity, isName: true })
    for (const word of wordsIn(text)) {
      if (word !== document.name)
        this.#words.add(word, { tenant: this.tenant, document: document.id, from: at, until: Infinity, isName: false })
    }
  }

  /** A document of another department. */
  sayElsewhere(document: KnownDocument): void {
    this.annex.set(document.id, document)
    const mark = { tenant: this.tenant, document: document.id, from: 0, until: Infinity }
    for (const word of wordsIn(document.text)) this.#words.add(word, { ...mark, isName: word === document.name })
  }

  everything(): KnownDocument[] {
    return [...this.documents.values(), ...this.annex.values()]
  }

  /** Those that say the common word. */
  entries(): KnownDocument[] {
    return this.live().filter(({ source }) => source !== 'bulk')
  }

  live(): KnownDocument[] {
    return [...this.documents.values()].filter(({ isDeleted }) => !isDeleted)
  }

  /** Who is there now: what to tell a product that was put back in time. */
  people(): { readonly users: Extract<Edit, { kind: 'user' }>[]; readonly groups: Extract<Edit, { kind: 'group' }>[] } {
    const known = new Map<string, Edit>()
    for (const edit of this.edits) {
      if (edit.kind === 'user' || edit.kind === 'group') known.set(`${edit.kind}:${edit.id}`, edit)
      if (edit.kind === 'remove') forget(known, edit.principal)
    }
    const people = [...known.values()]
    return { users: people.filter((edit) => edit.kind === 'user'), groups: people.filter((edit) => edit.kind === 'group') }
  }

  /** @param edits how many of them count; all when absent */
  view(edits = this.edits.length): View {
    const mayRead = createOracle(this.edits.slice(0, edits))
    return {
      mayRead,
      mayShow: (user, word, older) =>
        this.#words
          .of(word)
          .some(
            (mark) =>
              mark.tenant === this.tenant &&
              (mark.isName || older || (mark.from <= edits && edits < mark.until)) &&
              mayRead(user, mark.document),
          ),
      /** For those who keep the product running: names of their own tenant, no content. */
      mayTell: (word) => this.#words.of(word).some((mark) => mark.tenant === this.tenant && mark.isName),
    }
  }
}

function forget(known: Map<string, Edit>, principal: string): void {
  known.delete(principal)
  const without = (names: readonly string[]): string[] => names.filter((name) => `group:${name}` !== principal)
  for (const [key, edit] of known) {
    if (edit.kind === 'user') known.set(key, { ...edit, groups: without(edit.groups) })
    if (edit.kind === 'group') known.set(key, { ...edit, parents: without(edit.parents) })
  }
}

/** What an oracle says at one moment. */
export interface View {
  mayRead(user: string, document: string): boolean
  /** @param older whether replaced versions may be shown to readers, as where a citation of an earlier answer is opened */
  mayShow(user: string, word: string, older: boolean): boolean
  mayTell(word: string): boolean
}

const LETTERS = 'bcdfghjklmnpqrstvwxyz'
const WORD = /q[bcdfghjklmnpqrstvwxyz]{9}x/g

/** Words of one world, all tenants. Nothing else that the product says looks like one. */
export class Words {
  readonly #marks = new Map<string, Mark[]>()
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  mint(first: 'q' | 'w'): string {
    return `${first}${Array.from({ length: 9 }, () => this.#random.pick([...LETTERS])).join('')}x`
  }

  add(word: string, mark: Mark): void {
    const marks = this.#marks.get(word) ?? []
    if (mark.isName && marks.some(({ tenant, document }) => tenant === mark.tenant && document === mark.document)) return
    this.#marks.set(word, [...marks, mark])
  }

  end(word: string, tenant: string, document: string, at: number): void {
    for (const mark of this.of(word))
      if (mark.tenant === tenant && mark.document === document && !mark.isName) mark.until = Math.min(mark.until, at)
  }

  of(word: string): readonly Mark[] {
    return this.#marks.get(word) ?? []
  }

  /** The words of this world that a text holds. */
  found(text: string): string[] {
    return wordsIn(text).filter((word) => this.#marks.has(word))
  }
}

function wordsIn(text: string): string[] {
  return [...new Set(text.match(WORD))]
}
