/** Emits dist/ for the packed product. Does nothing when the sources are those that dist/ was made from. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist/.sources')
/** What is loaded as a file beside the code. */
const binaries = globSync('**/*.{bin,model.json}', { cwd: join(root, 'src') })
const inputs = [
  ...globSync('src/**/*.ts', { cwd: root }),
  ...binaries.map((file) => `src/${file}`),
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
].sort()
const hash = createHash('sha256')
for (const input of inputs) hash.update(input).update(readFileSync(join(root, input)))
const sources = hash.digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const run = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
  if (run.status !== 0) process.exit(run.status ?? 1)
  for (const file of binaries) cpSync(join(root, 'src', file), join(root, 'dist', file))
  writeFileSync(stamp, sources)
}
