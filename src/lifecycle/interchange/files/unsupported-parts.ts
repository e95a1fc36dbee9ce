/** Gathers what a file says and nobody here understands: one line each, counted instead of repeated. Knows no format. */

export class UnsupportedParts {
  readonly #counts = new Map<string, number>()

  add(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }

  lines(): readonly string[] {
    return [...this.#counts].map(([what, count]) => (count === 1 ? what : `${what} (${count} times)`))
  }
}
