/** Samples of the LM Evaluation Harness, `samples_TASK_TIME.jsonl`. Knows their form; several filters of a document are metrics of one record. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MetricMeaning } from '../../../contracts/evaluation.ts'
import type { RecordedRun } from '../../../contracts/recorded-run.ts'
import { messageOf } from '../../../foundation/errors/touchstone-error.ts'
import { contentHash } from '../../../foundation/hashing/content-hash.ts'
import { invalidFile, type ExchangeFile } from '../files/exchange-file.ts'
import { Fields } from '../files/fields.ts'
import { readJsonLines } from '../files/json-lines.ts'
import { parsePythonJson } from '../files/python-json.ts'
import { outcomeOf, readScores } from './record-scores.ts'
import { createRepeatNumbers } from './repeat-numbers.ts'
import type { RunFormat } from './run-format.ts'
import { UnsupportedParts } from '../files/unsupported-parts.ts'

/** Members of a sample that are no metrics, for files that do not list theirs. */
const OTHER_MEMBERS: ReadonlySet<string> = new Set([
  'doc_id',
  'doc',
  'target',
  'arguments',
  'resps',
  'filtered_resps',
  'filter',
  'metrics',
  'doc_hash',
  'prompt_hash',
  'target_hash',
])

export const lmEvalSamples: RunFormat = {
  id: 'lm-eval',
  summary: 'LM Evaluation Harness samples (--log_samples); the results file beside it tells the model and what is better',
  part: 'target',
  recognises: ({ head }) => /^\s*\{/.test(head) && /"doc_id"\s*:/.test(head) && /"(filtered_)?resps"\s*:/.test(head),
  read: async (file) => [await readLmEvalSamples(file)],
}

interface Sample {
  readonly key: string
  readonly caseHash: string
  readonly values: Record<string, unknown>
  readonly output: string | undefined
}

async function readLmEvalSamples(file: ExchangeFile): Promise<RecordedRun> {
  const samples = new Map<number, Sample>()
  const unsupported = new UnsupportedParts()
  for await (const { value, where } of readJsonLines(file.path))
    addSample(new Fields(file.path, where, value), samples, unsupported)
  const about = await readResultsBeside(file)
  const repeatOf = createRepeatNumbers()
  const records = [...samples.entries()]
    .toSorted(([left], [right]) => left - right)
    .map(([, { key, caseHash, values, output }]) => {
      const scores = readScores(Object.entries(values))
      for (const metric of scores.missing) unsupported.add(`metric ${metric}: a value that is no number`)
      return {
        case: key,
        repeat: repeatOf(key),
        caseHash,
        outcome: outcomeOf(scores),
        scores: scores.scores,
        slice: {},
        ...(output === undefined ? {} : { output }),
      }
    })
  const metrics = new Set(records.flatMap(({ scores }) => Object.keys(scores)))
  return {
    format: `lm-eval/${about.version}`,
    run: file.name.replace(/\.jsonl$/, ''),
    target: about.model,
    meanings: Object.fromEntries(
      [...metrics].flatMap((metric) =>
        about.lower.has(metricName(metric)) ? [[metric, { better: 'lower' } satisfies MetricMeaning]] : [],
      ),
    ),
    planned: Math.max(records.length, about.planned),
    records,
    unsupported: unsupported.lines(),
  }
}

/** As the harness itself names it in its results: `exact_match,none`. */
function metricName(metric: string): string {
  return metric.slice(0, metric.lastIndexOf(','))
}

function addSample(line: Fields, samples: Map<number, Sample>, unsupported: UnsupportedParts): void {
  const id = line.required(line.count('doc_id'), 'doc_id')
  const filter = line.text('filter') ?? 'none'
  const listed = line.list('metrics')?.map(String)
  const metrics = listed ?? Object.keys(line.raw).filter((name) => !OTHER_MEMBERS.has(name))
  if (metrics.length === 0) unsupported.add('samples without metrics')
  const key = line.text('doc_hash') ?? `doc-${id}`
  const sample: Sample = samples.get(id) ?? {
    key,
    caseHash: contentHash(key, line.text('target_hash') ?? JSON.stringify(line.raw['target'] ?? null)),
    values: {},
    output: outputOf(line.raw['filtered_resps'] ?? line.raw['resps']),
  }
  for (const metric of metrics) sample.values[`${metric},${filter}`] = line.raw[metric]
  samples.set(id, sample)
}

function outputOf(responses: unknown): string | undefined {
  const first: unknown = Array.isArray(responses) ? (responses as readonly unknown[])[0] : responses
  if (first === undefined || first === null) return undefined
  return typeof first === 'string' ? first : JSON.stringify(first)
}

interface About {
  readonly model: string
  readonly version: string
  /** Metrics that are better when lower. */
  readonly lower: ReadonlySet<string>
  readonly planned: number
}

/** Of the harness's own metrics; where its results are beside the samples, they say it. Source: lm_eval.api.metrics. */
const BETTER_LOWER: ReadonlySet<string> = new Set([
  'perplexity',
  'word_perplexity',
  'byte_perplexity',
  'bits_per_byte',
  'brier_score',
  'ter',
])

/** `results_TIME.json` of the same folder. */
async function readResultsBeside({ path, name }: ExchangeFile): Promise<About> {
  const [, task = '', time = ''] = /^samples_(.*)_(\d{4}-.*)\.jsonl$/.exec(name) ?? []
  const beside = join(dirname(path), `results_${time}.json`)
  if (time === '' || !existsSync(beside)) return { model: 'model', version: '0', lower: BETTER_LOWER, planned: 0 }
  const whole = new Fields(beside, 'the document', await parseFile(beside))
  const better = whole.object('higher_is_better')?.object(task)?.raw ?? {}
  return {
    model: whole.text('model_name') ?? 'model',
    version: whole.text('lm_eval_version') ?? '0',
    lower: new Set(Object.keys(better).filter((metric) => better[metric] === false)),
    planned: whole.object('n-samples')?.object(task)?.count('effective') ?? 0,
  }
}

async function parseFile(path: string): Promise<unknown> {
  try {
    return parsePythonJson(await readFile(path, 'utf8'))
  } catch (error) {
    throw invalidFile(path, messageOf(error), error)
  }
}
