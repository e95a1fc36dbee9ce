/** What the migrations must know of a SQL dialect. */
/** What differs between the SQL dialects in the migrations. */
export interface StateDialectTraits {
  readonly growingKeyType: 'integer' | 'serial'
  readonly blobType: 'blob' | 'bytea'
  /** Begins a transaction that nobody else migrates beside. */
  readonly beginMigration: string
}
