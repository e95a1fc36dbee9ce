/** What a person names as baseline or candidate, as a recorded run: a run of ours, evidence of an earlier gate, another tool's file. */
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordedRun } from '../../contracts/recorded-run.ts'
import { readRun } from '../../lifecycle/evaluation/runs/read-run.ts'
import { findRunFolder, newestRuns } from '../../lifecycle/evaluation/runs/run-folders.ts'
import { parseRecordedRun } from '../../lifecycle/gate/evidence/recorded-run-file.ts'
import { readRecordedRun } from '../../lifecycle/interchange/read-recorded-run.ts'

/**
 * - a folder of evidence: its candidate, so that the last release's evidence is the next one's baseline
 * - a run's folder or id
 * - a target as it was evaluated (`answers`, `answers@candidate`, a URL), or its id (`answers@HASH`): its newest run
 * - a file of any known format, `FILE#PART` where it holds several runs
 * @param evaluations folder of our runs
 * @throws TouchstoneError RUN_UNKNOWN, RUN_INVALID, RUN_FILE_INVALID, RUN_FORMAT_UNKNOWN, RUN_NOT_CHOSEN
 */
export async function readComparedRun(named: string, evaluations: string): Promise<RecordedRun> {
  const evidence = join(named, 'candidate.jsonl')
  if (existsSync(evidence)) return parseRecordedRun(await readFile(evidence, 'utf8'), evidence)
  if (named.endsWith('.recorded.jsonl')) return parseRecordedRun(await readFile(named, 'utf8'), named)
  const [path] = named.split('#')
  if (path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === true) return readRecordedRun(named)
  for await (const { folder, manifest } of newestRuns(evaluations)) {
    const { id, spec } = manifest.target
    if ([id, spec].some((each) => each === named || each === `feature:${named}`)) return readRun(folder)
  }
  return readRun(await findRunFolder(evaluations, named))
}
