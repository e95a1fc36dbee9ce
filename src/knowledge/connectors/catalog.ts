/** Every connector there is. Adding one: its file, its test, and two lines here. */
import type { ConnectorExtension } from '../../contracts/connector.ts'
import { folderConnector } from './folder.ts'
import { gitConnector } from './git.ts'

export const connectorCatalog: readonly ConnectorExtension<never>[] = [
  folderConnector as ConnectorExtension<never>,
  gitConnector as ConnectorExtension<never>,
]
