/**
 * What the product may reach only in named files, so that time, randomness, environment and network are injected everywhere else.
 * To allow a file, add a row to `allowed` with the reason; the better cure is nearly always a parameter.
 */
import type { Exception } from './exceptions.ts'

export interface GlobalBan {
  readonly what: string
  /** Dotted names; `new Date()` is a Date without arguments; a name bans what is below it, too. */
  readonly globals: readonly string[]
  /** `module#export` of Node's modules that give the same. */
  readonly imports: readonly string[]
  readonly cure: string
  readonly allowed: readonly Exception[]
}

export const globalBans: readonly GlobalBan[] = [
  {
    what: 'the wall clock',
    globals: ['Date.now', 'new Date()', 'Date()', 'process.hrtime'],
    imports: ['node:process#hrtime'],
    cure: 'Take `now: () => number` or a Clock (src/foundation/concurrency/clock.ts).',
    allowed: [{ files: 'src/foundation/concurrency/clock.ts', reason: 'it is the clock' }],
  },
  {
    what: 'the monotonic clock',
    globals: ['performance'],
    imports: ['node:perf_hooks#performance'],
    cure: 'Take a Clock and call elapsed().',
    allowed: [
      { files: 'src/foundation/concurrency/clock.ts', reason: 'it is the clock' },
      { files: 'src/foundation/telemetry/**', reason: 'durations of spans are its subject' },
    ],
  },
  {
    what: 'a timer',
    globals: ['setTimeout', 'setInterval', 'setImmediate'],
    imports: ['node:timers#*', 'node:timers/promises#*'],
    cure: 'Take a Clock (sleep, after), or use AbortSignal.timeout.',
    allowed: [{ files: 'src/foundation/concurrency/clock.ts', reason: 'it is the clock' }],
  },
  {
    what: 'randomness',
    globals: ['Math.random', 'crypto.randomUUID', 'crypto.randomBytes', 'crypto.randomInt', 'crypto.getRandomValues'],
    imports: ['node:crypto#randomUUID', 'node:crypto#randomBytes', 'node:crypto#randomInt', 'node:crypto#getRandomValues'],
    cure: 'Take an IdSource (src/foundation/concurrency/random.ts), or a seed.',
    allowed: [{ files: 'src/foundation/concurrency/random.ts', reason: 'it is the source of randomness' }],
  },
  {
    what: 'the environment',
    globals: ['process.env', 'process.loadEnvFile'],
    imports: ['node:process#env'],
    cure: 'Read it in src/app/config.ts and pass the value.',
    allowed: [
      { files: 'src/app/{config*,load-config}.ts', reason: 'the configuration is the only reader of the environment' },
      { files: 'src/app/cli/terminal.ts', reason: 'NO_COLOR says how to draw, not what to do' },
      { files: 'src/adapters/lancedb/native.ts', reason: 'LANCE_CPU_THREADS must be set before the engine is loaded' },
    ],
  },
  {
    what: 'the console',
    globals: ['console', 'process.stdout', 'process.stderr', 'process.stdin'],
    imports: ['node:console#*', 'node:process#stdout', 'node:process#stderr', 'node:process#stdin'],
    cure: 'Return the value, emit telemetry, or write in src/app/cli.',
    allowed: [{ files: 'src/app/cli/**', reason: 'the command line is what reads and writes the terminal' }],
  },
  {
    what: 'the end of the process',
    globals: ['process.exit', 'process.exitCode', 'process.abort', 'process.kill'],
    imports: ['node:process#exit', 'node:process#abort', 'node:process#kill'],
    cure: 'Throw a TouchstoneError; src/app/cli turns it into an exit code.',
    allowed: [
      { files: 'src/app/cli/**', reason: 'the command line sets the exit code' },
      {
        files: 'src/knowledge/ingestion/parsers/parser-{process,watchdog}.ts',
        reason: 'a child process that ends itself at its limit, or when its parent is gone',
      },
    ],
  },
  {
    what: 'global fetch',
    globals: ['fetch', 'XMLHttpRequest', 'WebSocket'],
    imports: [],
    cure: 'Use an undici pool in an adapter: the global one costs throughput and cannot be bounded.',
    allowed: [
      { files: 'src/client/**', reason: 'it runs in browsers, where fetch is what there is' },
      { files: 'src/app/http/token-verifier.ts', reason: 'one rare request; jose fetches the keys themselves in the same way' },
    ],
  },
]
