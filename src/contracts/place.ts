/** Where in its document something stands, in the words of its format. Knows no offsets: those are of the stored text. */

/** A page of a PDF, a slide of a presentation, or cells of a sheet, as its reader would look them up. */
export type Place =
  /** 1-based. */
  | { readonly page: number }
  /** 1-based, hidden slides counted. */
  | { readonly slide: number }
  /** One cell or a range, in A1 notation: `B2`, `A2:F9`. */
  | { readonly sheet: string; readonly cells: string }

/** A place as citations and search hits carry it: the fields of one kind, or none. */
export interface PlaceFields {
  readonly page?: number
  readonly slide?: number
  readonly sheet?: string
  readonly cells?: string
}
