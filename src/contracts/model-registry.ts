/** Chat models by the name a release gives them. */
import type { ChatModel } from './chat-model.ts'

export interface ChatModels {
  /** @throws TouchstoneError MODEL_UNKNOWN */
  resolve(model: string): ChatModel
}
