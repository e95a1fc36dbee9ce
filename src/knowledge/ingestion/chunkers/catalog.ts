/** The chunkers that exist. An index definition names one of them with its options. */
import { headingPathChunker } from './heading-path.ts'

export const chunkerCatalog = [headingPathChunker] as const
