/** A child process that parses one document after another. Its watchdog thread ends it; it decides nothing by itself. */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { Worker } from 'node:worker_threads'
import { toTouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { detectLanguage, loadLanguageDetector } from '../../../foundation/text/language.ts'
import { findParser } from './catalog.ts'
import type { ParseRequest, ParserReply } from './parser-messages.ts'

enableCompileCache()

const REPLIES_BEFORE_FLUSH = 3
let replies = 0
const [, , memoryMb] = process.argv
const watchdog = new Worker(new URL(`./parser-watchdog${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url), {
  workerData: { limitBytes: Number(memoryMb) * 1024 * 1024 },
})
watchdog.unref()

process.on('message', (request: ParseRequest) => {
  void parse(request).then(reply)
})
process.on('disconnect', () => process.exit(0))
// What a library leaves behind unawaited must not cost the next document its process; a parse that waits for it runs out of time.
process.on('unhandledRejection', () => {})
watchdog.once('online', () => reply({ type: 'ready' }))

async function parse({ path, bytes, limits }: ParseRequest): Promise<ParserReply> {
  try {
    const parser = findParser(path, bytes)?.create({}, {})
    if (parser === undefined) return { type: 'error', code: 'FORMAT_UNSUPPORTED', details: { path } }
    const document = await parser.parse({ bytes, path, limits })
    // Here and not in the parent, which would keep the detector's 90 MB for as long as it serves.
    await loadLanguageDetector()
    return { type: 'document', document: { ...document, language: detectLanguage(document.text) } }
  } catch (error) {
    const { code, details } = toTouchstoneError(error)
    return { type: 'error', code, details }
  }
}

function reply(message: ParserReply): void {
  process.send?.(message)
  // A killed process writes no cache, and most parser processes are killed; by now its libraries are loaded.
  if (++replies === REPLIES_BEFORE_FLUSH) flushCompileCache()
}
