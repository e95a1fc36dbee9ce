/** What the migrations must know of a SQL dialect. */
/** What differs between the SQL dialects in the migrations. */
export interface StateDialectTraits {
  readonly growingKeyType: 'integer' | 'serial'
  readonly blobType: 'blob' | 'bytea'
}
