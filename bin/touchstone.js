#!/usr/bin/env node
// Checks the Node version, then loads dist/ (installed package) or src/ (checkout). Written so that an old Node can read it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const found = Number(process.versions.node.split('.')[0])

if (found < NEEDED) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const brought = [join(root, 'node_modules/node/bin', name), join(process.cwd(), 'node_modules/node/bin', name)].find((path) =>
    existsSync(path),
  )
  if (brought === undefined) {
    process.stderr.write(
      `Touchstone needs Node ${NEEDED} or newer; this is Node ${process.versions.node}.\n` +
        `Install it from https://nodejs.org, or run "npm install node@${NEEDED}" in this folder and try again: npx uses it from there.\n`,
    )
    process.exitCode = 2
  } else {
    const run = spawnSync(brought, process.argv.slice(1), { stdio: 'inherit' })
    process.exitCode = run.status === null ? 1 : run.status
  }
} else {
  nodeModule.enableCompileCache()
  // A user cannot act on these two: node:sqlite's state of release, and a configuration in a folder without "type": "module".
  const warn = process.emitWarning
  process.emitWarning = (warning, ...details) => {
    const text = [warning, ...details]
      .map((part) => (typeof part === 'object' && part !== null ? `${part.type} ${part.code} ${part.name}` : part))
      .join(' ')
    if (!/ExperimentalWarning|MODULE_TYPELESS_PACKAGE_JSON/.test(text)) warn.call(process, warning, ...details)
  }
  const packed = !existsSync(join(root, 'src'))
  nodeModule.registerHooks({
    resolve: (specifier, context, next) => {
      // A configuration talks to the program that reads it, wherever it lies and whatever is installed beside it.
      const own = specifier === 'touchstone' || specifier.startsWith('touchstone/')
      const parent = own ? { parentURL: import.meta.url } : {}
      // In the checkout, `touchstone` means src/.
      const conditions = packed ? context.conditions : [...context.conditions, 'touchstone-source']
      return next(specifier, { ...context, ...parent, conditions })
    },
  })
  const { runCommandLine } = await import(packed ? '../dist/app/cli/main.js' : '../src/app/cli/main.ts')
  await runCommandLine(process.argv)
}
