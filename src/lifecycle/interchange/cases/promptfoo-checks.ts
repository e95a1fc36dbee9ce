/** Assertions of a promptfoo test as checks of a case. Knows sets, negation, templates and programs; which scorer stands for what is data. */
import { extname } from 'node:path'
import { parse as parseYaml } from 'yaml'
import type { CaseCheck } from '../../../contracts/evaluation.ts'
import { contentHash } from '../../../foundation/hashing/content-hash.ts'
import { isPlainObject, type PlainObject } from '../files/fields.ts'
import type { UnsupportedParts } from '../files/unsupported-parts.ts'
import { javascriptProgram, pythonProgram, type AssertionProgram } from './assertion-program.ts'
import { measuredAnyway, promptfooAssertions } from './promptfoo-assertions.data.ts'
import { fillTemplate, type PromptfooFiles } from './promptfoo-files.ts'

export interface CheckContext {
  readonly files: PromptfooFiles
  readonly unsupported: UnsupportedParts
  /** Programs that the checks run, by path. */
  readonly programs: Map<string, string>
}

/** @param assertions of one test, sets among them */
export function promptfooChecks(assertions: readonly unknown[], vars: PlainObject, context: CheckContext): readonly CaseCheck[] {
  return assertions.flatMap((assertion) => {
    if (!isPlainObject(assertion) || typeof assertion['type'] !== 'string') {
      context.unsupported.add('an assertion without a type')
      return []
    }
    const { type, assert, metric, weight, threshold, transform } = assertion
    for (const [name, value] of Object.entries({ weight, threshold, transform }))
      if (value !== undefined) context.unsupported.add(`assertion ${type}: ${name} (a gate compares the values themselves)`)
    if (type === 'assert-set') return promptfooChecks(Array.isArray(assert) ? assert : [], vars, context)
    const found = checkOf(type, assertion, vars, context)
    if (found === undefined) return []
    const name = typeof metric === 'string' ? fillTemplate(metric, vars) : undefined
    return [{ ...found, ...(name === undefined ? {} : { metric: name }) }]
  })
}

function checkOf(type: string, assertion: PlainObject, vars: PlainObject, context: CheckContext): CaseCheck | undefined {
  const negated = type.startsWith('not-')
  const base = negated ? type.slice('not-'.length) : type
  const value = valueOf(base, assertion['value'], vars, context)
  if (base === 'javascript' || base === 'python') return programCheck(base, value, negated, context)
  const found = promptfooAssertions[base]?.(value, negated)
  if (found !== undefined) return found
  const reason = measuredAnyway.has(base) ? ' (measured in every run: name it in the policy of the gate)' : ''
  context.unsupported.add(`assertion ${type}${reason}`)
  return undefined
}

/** Of its file, with the variables filled in; a schema as what it says. */
function valueOf(type: string, value: unknown, vars: PlainObject, context: CheckContext): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => (typeof each === 'string' ? fillTemplate(each, vars) : each))
  if (typeof value !== 'string') return value
  const text = value.startsWith('file://') ? context.files.read(value) : value
  if (type === 'is-json' && typeof text === 'string') return text.trim() === '' ? undefined : (parseYaml(text) as unknown)
  if (typeof text !== 'string' || type === 'javascript' || type === 'python') return text
  if (/\{%|\{\{[^}]*\|/.test(text)) context.unsupported.add(`assertion ${type}: a template with filters or blocks`)
  return fillTemplate(text, vars)
}

function programCheck(
  language: 'javascript' | 'python',
  value: unknown,
  negated: boolean,
  context: CheckContext,
): CaseCheck | undefined {
  if (typeof value !== 'string' || negated) {
    context.unsupported.add(`assertion ${negated ? 'not-' : ''}${language}${negated ? '' : ' without code'}`)
    return undefined
  }
  if (/^\s*(import |export |module\.exports|def get_assert)/m.test(value)) {
    context.unsupported.add(`assertion ${language} of a file that exports a function: make it a command or a module`)
    return undefined
  }
  const name = `assertion-${contentHash(value).slice(0, 12)}`
  const program: AssertionProgram = language === 'javascript' ? javascriptProgram(name, value) : pythonProgram(name, value)
  context.programs.set(program.path, program.text)
  return {
    scorer: 'command',
    options: { command: program.command },
    metric: extname(program.path) === '.py' ? 'python' : 'javascript',
  }
}
