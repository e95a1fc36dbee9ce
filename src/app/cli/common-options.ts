/** Options that every command knows. */
export interface CommonOptions {
  /** State folder. */
  readonly data: string
  /** Configuration file. */
  readonly config: string
  readonly json?: boolean
}
