/** Every connector there is. Adding one: its file, its test, and two lines here. */
import type { ConnectorExtension, StateConnectorParts } from '../../contracts/connector.ts'
import { folderConnector } from './folder.ts'
import { gitConnector } from './git.ts'
import { pushConnector } from './push.ts'

export const connectorCatalog: readonly ConnectorExtension<never, StateConnectorParts>[] = [
  folderConnector as ConnectorExtension<never>,
  gitConnector as ConnectorExtension<never>,
  pushConnector as ConnectorExtension<never, StateConnectorParts>,
]
