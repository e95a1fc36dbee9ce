import { embeddingModelSuite } from '../../../testing/embedding-model-suite.ts'
import { createStaticEmbeddingModel } from './static-embedding-model.ts'

embeddingModelSuite('builtin/static', async () => createStaticEmbeddingModel())
