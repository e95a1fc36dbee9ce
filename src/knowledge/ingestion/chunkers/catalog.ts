/** The chunkers that exist. The configuration, and with it an index definition, names one of them with its options. */
import { headingPathChunker } from './heading-path.ts'

export const chunkerCatalog = [headingPathChunker] as const
