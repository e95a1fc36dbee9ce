/** Where the ranking model lies that comes with the product. `npm run train:reranker` makes it; NOTICE names what it was trained on. */
import { fileURLToPath } from 'node:url'

export const builtInModelFile: string = fileURLToPath(new URL('built-in.model.json', import.meta.url))
