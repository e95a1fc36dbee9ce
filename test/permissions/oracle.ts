/** Who may read what, from the edits alone. Shares no code with the product; a test counts its lines: at most forty. */
export interface Rule {
  /** Absent: inherited from the place further out. */
  readonly all?: readonly (readonly string[])[]
  readonly deny: readonly string[]
}

export type Edit =
  | { readonly kind: 'user'; readonly id: string; readonly disabled: boolean; readonly groups: readonly string[] }
  | { readonly kind: 'group'; readonly id: string; readonly parents: readonly string[] }
  | { readonly kind: 'remove'; readonly principal: string }
  | { readonly kind: 'rule'; readonly place: string; readonly rule: Rule | undefined }
  | { readonly kind: 'document'; readonly id: string; readonly places: readonly string[] | undefined }

export function createOracle(edits: readonly Edit[]): (user: string, document: string) => boolean {
  const [enabled, parents] = [new Map<string, boolean>(), new Map<string, Set<string>>()]
  const [rules, documents] = [new Map<string, Rule | undefined>(), new Map<string, readonly string[] | undefined>()]
  for (const edit of edits) {
    if (edit.kind === 'user') enabled.set(`user:${edit.id}`, !edit.disabled)
    if (edit.kind === 'user') parents.set(`user:${edit.id}`, new Set(edit.groups.map((group) => `group:${group}`)))
    if (edit.kind === 'group') parents.set(`group:${edit.id}`, new Set(edit.parents.map((parent) => `group:${parent}`)))
    if (edit.kind === 'remove') for (const held of parents.values()) held.delete(edit.principal)
    if (edit.kind === 'remove') [enabled, parents].forEach((map) => map.delete(edit.principal))
    if (edit.kind === 'rule') rules.set(edit.place, edit.rule)
    if (edit.kind === 'document') documents.set(edit.id, edit.places)
  }
  return (user, document) => {
    const held = new Set(['everyone', `user:${user}`])
    for (const principal of held) for (const parent of parents.get(principal) ?? []) held.add(parent)
    const chain = (documents.get(document) ?? []).flatMap((place) => rules.get(place) ?? [])
    const all = chain.findLast((rule) => rule.all !== undefined)?.all ?? []
    const isDenied = chain.some(({ deny }) => deny.some((principal) => held.has(principal)))
    const isGranted = all.length > 0 && all.every((clause) => clause.some((principal) => held.has(principal)))
    return enabled.get(`user:${user}`) === true && isGranted && !isDenied
  }
}
