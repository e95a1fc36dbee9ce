/** The tests of a promptfoo configuration, flat: defaults merged, scenarios crossed, lists of values expanded, files read. Knows no scorer. */
import { isPlainObject, type PlainObject } from '../files/fields.ts'
import type { UnsupportedParts } from '../files/unsupported-parts.ts'
import { testOfRow } from './promptfoo-csv.ts'
import type { PromptfooFiles } from './promptfoo-files.ts'

export interface FlatTest {
  readonly description: string | undefined
  readonly vars: PlainObject
  readonly assert: readonly unknown[]
  readonly metadata: PlainObject
  readonly threshold: number | undefined
}

/** Members that change what is asked or how it is scored, and that no case has. */
const OTHER_MEMBERS = ['threshold', 'assertScoringFunction', 'provider', 'providers', 'prompts', 'providerOutput']
const OTHER_OPTIONS = [
  'transform',
  'transformVars',
  'postprocess',
  'prefix',
  'suffix',
  'storeOutputAs',
  'rubricPrompt',
  'provider',
]

export function flatTests(config: PlainObject, files: PromptfooFiles, unsupported: UnsupportedParts): readonly FlatTest[] {
  const defaults = testOf(typeof config['defaultTest'] === 'string' ? files.data(config['defaultTest']) : config['defaultTest'])
  const own = testsOf(config['tests'], files, unsupported)
  const crossed = listOf(config['scenarios'], files).flatMap((scenario) => scenarioTests(testOf(scenario), files, unsupported))
  return [...own, ...crossed].flatMap((test) => expand(merge(defaults, test), files, unsupported))
}

/** A list, or one file of a list, or several files; rows of CSV are tests in their own notation. */
function testsOf(value: unknown, files: PromptfooFiles, unsupported: UnsupportedParts): readonly PlainObject[] {
  if (typeof value === 'string') return testsOf(files.data(value), files, unsupported)
  return (Array.isArray(value) ? (value as readonly unknown[]) : []).flatMap((test): readonly PlainObject[] => {
    if (typeof test === 'string') return testsOf(files.data(test), files, unsupported)
    if (!isPlainObject(test)) return []
    if (isPlainObject(test['row'])) return [testOfRow(test['row'], unsupported)]
    if (typeof test['path'] !== 'string') return [test]
    unsupported.add(`${test['path']}: a generator of tests`)
    return []
  })
}

function scenarioTests(scenario: PlainObject, files: PromptfooFiles, unsupported: UnsupportedParts): readonly PlainObject[] {
  const tests = testsOf(scenario['tests'], files, unsupported)
  return listOf(scenario['config'], files).flatMap((config) => tests.map((test) => merge(testOf(config), test)))
}

function listOf(value: unknown, files: PromptfooFiles): readonly unknown[] {
  const found = typeof value === 'string' ? files.data(value) : value
  if (!Array.isArray(found)) return []
  return (found as readonly unknown[]).flatMap((each) =>
    typeof each === 'string' ? listOf([files.data(each)].flat(), files) : [each],
  )
}

function testOf(value: unknown): PlainObject {
  return isPlainObject(value) ? value : {}
}

/** What the test says wins; assertions of both count, unless the test declines those of the default. */
function merge(base: PlainObject, test: PlainObject): PlainObject {
  const both = (name: string): PlainObject => ({ ...testOf(base[name]), ...testOf(test[name]) })
  const options = both('options')
  const inherited = options['disableDefaultAsserts'] === true ? [] : assertionsOf(base)
  return {
    ...base,
    ...test,
    vars: typeof test['vars'] === 'string' ? test['vars'] : both('vars'),
    metadata: both('metadata'),
    options,
    assert: [...inherited, ...assertionsOf(test)],
  }
}

function assertionsOf(test: PlainObject): readonly unknown[] {
  return Array.isArray(test['assert']) ? (test['assert'] as readonly unknown[]) : []
}

/** One test for each combination of values where variables are lists. */
function expand(test: PlainObject, files: PromptfooFiles, unsupported: UnsupportedParts): readonly FlatTest[] {
  noteOthers(test, unsupported)
  const written = typeof test['vars'] === 'string' ? testOf(files.data(test['vars'])) : testOf(test['vars'])
  const isWhole = testOf(test['options'])['disableVarExpansion'] === true
  const combinations = Object.entries(written).reduce<readonly PlainObject[]>(
    (sofar, [name, value]) =>
      sofar.flatMap((vars) =>
        (Array.isArray(value) && !isWhole ? (value as readonly unknown[]) : [value]).map((each) => ({
          ...vars,
          [name]: variableOf(each, files),
        })),
      ),
    [{}],
  )
  return combinations.map((vars) => ({
    description: typeof test['description'] === 'string' ? test['description'] : undefined,
    vars,
    assert: assertionsOf(test),
    metadata: testOf(test['metadata']),
    threshold: typeof test['threshold'] === 'number' ? test['threshold'] : undefined,
  }))
}

function variableOf(value: unknown, files: PromptfooFiles): unknown {
  return typeof value === 'string' && value.startsWith('file://') ? (files.read(value) ?? value) : value
}

function noteOthers(test: PlainObject, unsupported: UnsupportedParts): void {
  for (const name of OTHER_MEMBERS) if (test[name] !== undefined) unsupported.add(`tests: ${name}`)
  const options = testOf(test['options'])
  for (const name of OTHER_OPTIONS)
    if (options[name] !== undefined && options[name] !== '') unsupported.add(`tests: options.${name}`)
}
