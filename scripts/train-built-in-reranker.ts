/**
 * Makes the ranking model that comes with the product, from the judged collections in ../shared/data/retrieval whose licences NOTICE
 * names; the others are measured only. The same collections give the same file.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const data = join(root, '../shared/data/retrieval')
const judgements = ['clapnq-dev', 'contextual-codebase', 'mtrag-un', 'sourcegraph-handbook']
const test = ['cranfield', 'cisi', 'scifact', ...['en', 'de', 'es', 'ar', 'hi', 'zh'].map((language) => `xquad/${language}`)]
const folders = (names: readonly string[]): string[] => names.map((name) => join(data, name))

const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'bin/touchstone.js'),
    'train',
    'reranker',
    '--judgements',
    ...folders(judgements),
    '--test',
    ...folders(test),
    '--out',
    join(root, 'src/knowledge/retrieval/rerankers/built-in.model.json'),
    '--data',
    join(root, 'node_modules/.cache/touchstone-train'),
  ],
  { stdio: 'inherit', cwd: root },
)
process.exitCode = status ?? 1
