/** docs/reference/extensions.md from the catalogues. */
import type { Extension } from '../../src/contracts/extension.ts'
import { connectorCatalog } from '../../src/knowledge/connectors/catalog.ts'
import { chunkerCatalog } from '../../src/knowledge/ingestion/chunkers/catalog.ts'
import { parserCatalog } from '../../src/knowledge/ingestion/parsers/catalog.ts'
import { queryRewriterCatalog } from '../../src/knowledge/retrieval/query/catalog.ts'
import { rerankerCatalog } from '../../src/knowledge/retrieval/rerankers/catalog.ts'
import { retrieverCatalog } from '../../src/knowledge/retrieval/retrievers/catalog.ts'
import { targetCatalog } from '../../src/lifecycle/evaluation/targets/catalog.ts'
import { scorerCatalog } from '../../src/lifecycle/evaluation/scorers/catalog.ts'
import { promptCatalog } from '../../src/serving/prompts/catalog.ts'
import { code, heading, type ReferencePage, table } from './page.ts'

type Listed = Pick<Extension<never, never, unknown>, 'id' | 'version' | 'summary'>

interface Kind {
  readonly title: string
  /** What it does, and where a configuration names it. */
  readonly about: string
  readonly catalog: readonly Listed[]
}

const KINDS: readonly Kind[] = [
  { title: 'Connectors', about: 'Read a source. Named by `sources.NAME.kind`.', catalog: connectorCatalog },
  { title: 'Parsers', about: 'Make text of bytes. Chosen by the ending of the file name.', catalog: parserCatalog },
  { title: 'Chunkers', about: 'Cut a document into what is searched and cited.', catalog: chunkerCatalog },
  { title: 'Retrievers', about: 'Each makes one list of candidates.', catalog: retrieverCatalog },
  {
    title: 'Rerankers',
    about: 'Reorder what was found. Named by `features.NAME.retrieval.rerankers`.',
    catalog: rerankerCatalog,
  },
  {
    title: 'Query rewriters',
    about: 'Find further wordings of a question. Named by `features.NAME.retrieval.queryRewriters`.',
    catalog: queryRewriterCatalog,
  },
  { title: 'Prompts', about: 'What a model is told. Named by `features.NAME.prompt` as `id@version`.', catalog: promptCatalog },
  { title: 'Scorers', about: 'Score the cases of a golden set.', catalog: scorerCatalog },
  { title: 'Targets', about: 'What a golden set is put to, beside features of this product.', catalog: targetCatalog },
]

const INTRODUCTION = `What can be added without touching anything else: an object with \`id\`, \`version\`, \`summary\`, \`parseOptions\` and \`create\`,
listed in the \`catalog.ts\` of its kind. [Adding a parser](../guides/add-a-parser.md) shows one from beginning to end.
A version is raised whenever the same input may give another output.`

export const extensionPage: ReferencePage = {
  name: 'extensions.md',
  render: () => [heading('Extensions', INTRODUCTION), ...KINDS.map(renderKind)].join('\n'),
}

function renderKind({ title, about, catalog }: Kind): string {
  const rows = catalog.map(({ id, version, summary }) => [code(id), String(version), summary])
  const endings = catalog === parserCatalog ? `\n${renderEndings()}` : ''
  return `## ${title}\n\n${about}\n\n${table(['id', 'version', 'what it does'], rows)}${endings}`
}

function renderEndings(): string {
  const rows = parserCatalog.map(({ id, endings, mediaType }) => [
    code(id),
    endings.map((ending) => code(`.${ending}`)).join(' '),
    mediaType,
  ])
  return table(['parser', 'endings', 'media type'], rows)
}
