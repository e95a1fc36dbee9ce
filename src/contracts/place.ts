/** Where in its document something stands, in the words of its format. Knows no offsets: those are of the stored text. */

/** A page of a PDF, a slide of a presentation, cells of a sheet, or an attachment, as its reader would look them up. */
export type Place = OwnPlace | AttachmentPlace

export type OwnPlace =
  /** 1-based. */
  | { readonly page: number }
  /** 1-based, hidden slides counted. */
  | { readonly slide: number }
  /** One cell or a range, in A1 notation: `B2`, `A2:F9`. */
  | { readonly sheet: string; readonly cells: string }

/** In what is attached to a message: which of its parts, counted as IMAP does (`2`, `2.1`), its name, and the place inside it. */
export type AttachmentPlace = { readonly part: string; readonly attachment: string } & (OwnPlace | NoPlace)

type NoPlace = { readonly page?: never; readonly slide?: never; readonly sheet?: never; readonly cells?: never }

/** A place as citations and search hits carry it: the fields of one kind, those of an attachment, or none. */
export interface PlaceFields {
  readonly part?: string
  readonly attachment?: string
  readonly page?: number
  readonly slide?: number
  readonly sheet?: string
  readonly cells?: string
}
