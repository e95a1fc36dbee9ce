/** What an ingest reports. The stable surface. */
export interface IngestFailure {
  readonly document: string
  readonly code: string
  readonly message: string
}

export interface IngestReport {
  readonly documents: {
    readonly added: number
    readonly changed: number
    readonly deleted: number
    readonly unchanged: number
    readonly failed: number
  }
  readonly chunks: number
  readonly seconds: number
  readonly failures: readonly IngestFailure[]
}
