/** What a person should know of a golden set before relying on it. Knows sets; knows nothing of terminals or runs. */
import type { EvaluationCase } from '../../../contracts/evaluation.ts'
import { HOLDOUT, readLooks } from './holdout.ts'
import type { Dataset } from './load-dataset.ts'
import { findContamination, findSimilarCases, type Contamination, type KnownText, type SimilarCases } from './similar-cases.ts'

export interface DatasetCheck {
  readonly name: string
  readonly version: string
  /** What is wrong, one line each. */
  readonly problems: readonly string[]
  readonly duplicates: readonly SimilarCases[]
  readonly contaminated: readonly Contamination[]
  /** How many cases, by key and value: `slices.language.de`. */
  readonly slices: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly datasheet: Datasheet
}

export interface Datasheet {
  readonly description?: string
  readonly purpose?: string
  readonly approvedBy?: string
  readonly provenance?: unknown
  readonly changes?: unknown
  readonly cases: number
  /** Conversations, templates, documents; cases that belong to none count themselves. */
  readonly clusters: number
  /** Cases that expect facts, that must be withheld, that are scored by checks alone. */
  readonly expecting: { readonly facts: number; readonly abstention: number; readonly checks: number }
  readonly askers: number
  readonly splits: Readonly<Record<string, number>>
  /** How often the sealed part was seen. */
  readonly looks: number
  readonly locked: boolean
  readonly erased: number
}

/** @param texts prompts, examples, documents that a system under test may have seen @throws TouchstoneError DATASET_INVALID for a damaged list of looks */
export async function checkDataset(
  dataset: Dataset,
  texts: AsyncIterable<KnownText> | Iterable<KnownText> = [],
): Promise<DatasetCheck> {
  const { name, version, cases, lockProblems } = dataset
  return {
    name,
    version,
    problems: [...lockProblems, ...undocumented(dataset)],
    duplicates: findSimilarCases(cases),
    contaminated: await findContamination(cases, texts),
    slices: countSlices(cases),
    datasheet: await describe(dataset),
  }
}

/** A set that decides releases says what it is for and who vouches for it. */
function undocumented({ about, files, splits }: Dataset): readonly string[] {
  if (files.about === undefined && Object.keys(about).length === 0) return []
  const missing = ['purpose', 'approved_by'].filter((key) => about[key] === undefined)
  const empty = splits[HOLDOUT]?.length === 0 ? ['splits.holdout: all its cases are erased'] : []
  return [...missing.map((key) => `${key}: is missing`), ...empty]
}

async function describe(dataset: Dataset): Promise<Datasheet> {
  const { about, cases, splits, lock } = dataset
  const { description, purpose, approved_by: approvedBy, provenance, changes } = about
  const isText = (value: unknown): value is string => typeof value === 'string'
  const abstaining = cases.filter(({ expect }) => expect.abstain).length
  const facts = cases.filter(({ expect }) => expect.facts.length > 0).length
  return {
    ...(isText(description) && { description }),
    ...(isText(purpose) && { purpose }),
    ...(isText(approvedBy) && { approvedBy }),
    ...(provenance !== undefined && { provenance }),
    ...(changes !== undefined && { changes }),
    cases: cases.length,
    clusters: new Set(cases.map(({ id, cluster }) => cluster ?? `case ${id}`)).size,
    expecting: { facts, abstention: abstaining, checks: cases.length - facts - abstaining },
    askers: new Set(cases.map(({ as }) => as)).size,
    splits: Object.fromEntries(Object.entries(splits).map(([split, ids]) => [split, ids.length])),
    looks: (await readLooks(dataset)).length,
    locked: lock !== undefined,
    erased: Object.values(lock?.cases ?? {}).filter((each) => 'erased' in each).length,
  }
}

function countSlices(cases: readonly EvaluationCase[]): DatasetCheck['slices'] {
  const counts: Record<string, Record<string, number>> = {}
  for (const { slice } of cases)
    for (const [key, value] of Object.entries(slice)) {
      const own = (counts[key] ??= {})
      own[value] = (own[value] ?? 0) + 1
    }
  return counts
}
