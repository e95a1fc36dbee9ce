/** The one shape of everything that can be added: connector, parser, chunker, retriever, reranker, scorer, model, engine. */

/**
 * @typeParam Options what `parseOptions` returns
 * @typeParam Parts what the composition hands in
 * @typeParam Result the contract that `create` implements
 */
export interface Extension<Options, Parts, Result> {
  /** kebab-case, unique within its kind. */
  readonly id: string
  /** Raised whenever the same input may give another output. */
  readonly version: number
  /** One line for the generated reference page. */
  readonly summary: string
  /** @throws TouchstoneError CONFIG_INVALID naming each wrong option */
  parseOptions(input: unknown): Options
  create(options: Options, parts: Parts): Result
}
