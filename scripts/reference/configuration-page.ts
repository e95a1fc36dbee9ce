/** docs/reference/configuration.md from the schemas that validate a configuration. */
import { configSchema } from '../../src/app/config.ts'
import { folderOptionsSchema } from '../../src/knowledge/connectors/folder.ts'
import { gitOptionsSchema } from '../../src/knowledge/connectors/git.ts'
import { heading, type ReferencePage } from './page.ts'
import { schemaTable } from './schema-rows.ts'

const INTRODUCTION = `\`touchstone.config.ts\` has \`export default defineConfig({ … })\` from \`touchstone\`; \`npx touchstone init\` writes one with comments.
It is validated as a whole at every start: all problems are told at once, each with its path. An unknown field is a problem.
Relative paths begin where the file lies. Secrets stand in the environment, and the configuration names the variable.`

export const configurationPage: ReferencePage = {
  name: 'configuration.md',
  render: () => `${heading('Configuration', INTRODUCTION)}
${schemaTable(configSchema)}
## Sources of the kind \`folder\`

Permissions of single folders and files stand beside them in \`access.yaml\`, or in a page's front matter under \`access\`:
[permissions](../guides/permissions.md).

${schemaTable(folderOptionsSchema, 'sources.NAME.')}
## Sources of the kind \`git\`

Permissions are declared as in a folder: [connecting a git repository](../guides/connect-git.md).

${schemaTable(gitOptionsSchema, 'sources.NAME.')}`,
}
