/** `touchstone start`: reads the sources when nothing was read yet, serves, keeps them fresh, and says what to try next. */
import { setFlagsFromString } from 'node:v8'
import { systemClock } from '../../../foundation/concurrency/clock.ts'
import { systemIds } from '../../../foundation/concurrency/random.ts'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { createHttpServer } from '../../http/server.ts'
import type { ComposedApplication } from '../../compose.ts'
import type { CommonOptions } from '../common-options.ts'
import { countOf } from '../count-of.ts'
import { withApplication } from '../open-application.ts'
import { terminal } from '../terminal.ts'

export async function start(options: CommonOptions & { readonly port?: number; readonly host?: string }): Promise<void> {
  await withApplication(options, async (application, signal) => {
    // V8 would let short-lived objects take 115 MB after some hundred answers and never give them back. Held at what the start
    // needed (17 MB), answers take as long, and the process stays half as large.
    setFlagsFromString('--semi-space-growth-factor=1')
    const { port, host, auth, ...limits } = application.foundation.loaded.config.server
    const server = await createHttpServer(application, {
      ...limits,
      port: options.port ?? port,
      host: options.host ?? host,
      auth,
      clock: systemClock,
      ids: systemIds,
      examples: SAMPLE_QUESTIONS.map(([, question]) => question),
      onFailure: ({ requestId, method, route, error }) => terminal.note(`${requestId} ${method} ${route}: ${messageOf(error)}`),
    })
    // The address is checked before the long read, so that a refused start is refused at once.
    const url = await server.listen()
    try {
      await serve(url, application, options, signal)
    } finally {
      await server.close()
    }
  })
}

async function serve(url: string, application: ComposedApplication, options: CommonOptions, signal: AbortSignal): Promise<void> {
  const { drawProgress } = await import('../open-application.ts')
  const report = await application.ingestWhenEmpty({ onProgress: drawProgress, signal })
  if (report !== undefined && options.json !== true)
    terminal.print(
      `Read ${countOf(report.documents.added, 'document')} (${countOf(report.chunks, 'chunk')}) in ${report.seconds.toFixed(1)} s.`,
    )
  await application.startWatching()
  const standing = await application.indexStanding()
  if (standing !== undefined) terminal.note(standing)
  const following = application.keepFollowing(signal)
  if (options.json === true) terminal.printJson({ url })
  else await printWelcome(url, application)
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  terminal.note('Stopping.')
  await following
}

const SAMPLE_QUESTIONS = [
  ['maria', 'How much can I spend on dinner when I travel to the Netherlands?'],
  ['petra', 'What is the salary band for principal engineers?'],
  ['kenji', 'How quickly do we answer a critical ticket of a premium customer?'],
] as const

async function printWelcome(url: string, application: ComposedApplication): Promise<void> {
  const users = (await application.principals.users(application.tenant)).filter((user) => !user.disabled)
  terminal.print(`\n${terminal.style('bold', 'Touchstone')} is at ${terminal.style('green', url)}\n`)
  const sample = SAMPLE_QUESTIONS.filter(([user]) => users.some(({ id }) => id === user))
  if (sample.length === SAMPLE_QUESTIONS.length) {
    terminal.print('Ask as three people with different rights:')
    for (const [user, question] of sample) terminal.print(`  npx touchstone ask "${question}" --as ${user}`)
  } else {
    terminal.print(
      `Users: ${
        users
          .slice(0, 8)
          .map((user) => user.id)
          .join(', ') || 'none yet; add them under access in the configuration'
      }`,
    )
    terminal.print(`  npx touchstone ask "…" --as ${users[0]?.id ?? 'USER'}`)
  }
  terminal.print('\nMore:')
  terminal.print('  npx touchstone search "travel" --as maria      passages instead of an answer')
  terminal.print('  npx touchstone access what-can-read maria      what a person may read')
  terminal.print('  npx touchstone eval evals/handbook             how good the answers are')
  terminal.print(`  curl -s ${url}/openapi.json                    the HTTP API`)
  terminal.print(terminal.style('dim', '\nCtrl-C stops. The next start reuses the data folder.'))
}
