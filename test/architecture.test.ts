/** The architecture, enforced. Each rule is a function in test/architecture, with its own test that shows what it catches. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bannedGlobals } from './architecture/banned-globals.ts'
import { catalogViolations } from './architecture/catalog-completeness.ts'
import { fileCycles, folderCycles } from './architecture/cycles.ts'
import { dependencyViolations } from './architecture/dependency-rule.ts'
import { brokenLinks, readmeViolations, unmentionedFolders, type MarkdownFile } from './architecture/documentation.ts'
import { headerViolations } from './architecture/file-headers.ts'
import { fileNameViolations } from './architecture/file-names.ts'
import { forbiddenSyntax } from './architecture/forbidden-syntax.ts'
import { importEdges } from './architecture/import-graph.ts'
import { machinePaths } from './architecture/machine-paths.ts'
import { fileSizeViolations, functionSizeViolations } from './architecture/size-limits.ts'
import {
  folderOf,
  isContractSuite,
  isDataFile,
  isTestFile,
  listFiles,
  projectRoot,
  readSourceTree,
} from './architecture/source-tree.ts'
import { formatViolations, type Violation } from './architecture/violation.ts'

const all = readSourceTree('src', 'test', 'bench', 'scripts')
const product = all.filter((file) => file.path.startsWith('src/') && !isTestFile(file.path))
const sized = product.filter((file) => !isDataFile(file.path) && !isContractSuite(file.path))
const edges = importEdges(all)
const productEdges = importEdges(product)

function holds(check: () => readonly Violation[]): () => void {
  return () => {
    const found = check()
    if (found.length > 0) assert.fail(`\n${formatViolations(found)}\n`)
  }
}

test('there is a product to check', () => assert.ok(product.length > 50, `${product.length} files`))

test(
  'areas import only what the dependency rule allows',
  holds(() => dependencyViolations(edges)),
)
test(
  'no cycle between files',
  holds(() => fileCycles(edges)),
)
test(
  'no cycle between folders',
  holds(() => folderCycles(productEdges)),
)
test(
  'files are short, spines and contracts shorter',
  holds(() => fileSizeViolations(sized)),
)
test(
  'functions are short',
  holds(() => functionSizeViolations(sized)),
)
test(
  'names are kebab-case and no drawers',
  holds(() => fileNameViolations(['src', 'test', 'bench', 'scripts', 'bin'].flatMap((each) => listFiles(each)))),
)
test(
  'each file begins with what it knows',
  holds(() => headerViolations(product)),
)
test(
  'no any, no bare Error, no default export',
  holds(() => forbiddenSyntax(product)),
)
test(
  'time, randomness, environment, terminal and network are injected',
  holds(() => bannedGlobals(product)),
)
test(
  'catalogues list every extension beside them',
  holds(() => catalogViolations(product)),
)

const text = (path: string) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') })
/** A document that must exist, and what is wrong with it. */
function checkDocument(path: string, check: (file: MarkdownFile) => readonly Violation[]): readonly Violation[] {
  return existsSync(join(projectRoot, path)) ? check(text(path)) : [{ file: path, line: 1, message: 'is missing. Write it.' }]
}

const documents = [
  ...listFiles().filter((path) => /^[^/]+\.md$/.test(path)),
  ...listFiles('docs').filter((path) => path.endsWith('.md')),
]

test(
  'relative links of documents lead somewhere',
  holds(() => brokenLinks(documents.map(text), projectRoot)),
)
test(
  'ARCHITECTURE.md mentions every folder of src',
  holds(() =>
    checkDocument('ARCHITECTURE.md', (file) =>
      unmentionedFolders(file, [...new Set(product.map((each) => folderOf(each.path)))]),
    ),
  ),
)
test(
  'README.md is short and shows early how to run it [I5]',
  holds(() => checkDocument('README.md', readmeViolations)),
)
test(
  'no file names a path of a particular machine',
  holds(() =>
    machinePaths(
      listFiles()
        .map(text)
        .filter((file) => !file.text.includes('\0')),
    ),
  ),
)
