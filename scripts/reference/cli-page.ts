/** docs/reference/cli.md from the program that parses the command line. */
import type { Command, Option } from 'commander'
import { createProgram } from '../../src/app/cli/main.ts'
import { code, heading, type ReferencePage, table } from './page.ts'

const INTRODUCTION = `\`npx touchstone COMMAND\`. Results go to standard output, notes and errors to standard error. Every command takes \`--json\` and then
prints one JSON document. Exit codes: 0 fine, 1 failure, 2 bad input, 3 inconclusive.`

export const cliPage: ReferencePage = {
  name: 'cli.md',
  render() {
    const commands = leaves(createProgram(), '')
    const shared = commands.map(({ command }) => command.options.map((option) => option.flags))
    const everywhere = new Set(shared[0]?.filter((flags) => shared.every((each) => each.includes(flags))))
    const common = commands[0]?.command.options.filter(({ flags }) => everywhere.has(flags)) ?? []
    return [
      heading('Command line', INTRODUCTION),
      `Every command also takes:\n\n${optionTable(common)}`,
      ...commands.map((entry) => renderCommand(entry, everywhere)),
    ].join('\n')
  },
}

interface Leaf {
  /** As it is typed, arguments included. */
  readonly usage: string
  readonly command: Command
}

function leaves(command: Command, prefix: string): readonly Leaf[] {
  return command.commands.flatMap((child) => {
    const name = `${prefix}${child.name()}`
    const below = leaves(child, `${name} `)
    // A command that only gathers others takes nothing itself.
    if (child.commands.length > 0 && child.options.length === 0) return below
    const args = child.registeredArguments.map((argument) =>
      argument.required ? ` <${argument.name()}>` : ` [${argument.name()}]`,
    )
    return [{ usage: name + args.join(''), command: child }, ...below]
  })
}

function renderCommand({ usage, command }: Leaf, everywhere: ReadonlySet<string>): string {
  const own = command.options.filter(({ flags }) => !everywhere.has(flags))
  const description = command.description()
  const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`
  return `## \`${usage}\`\n\n${sentence}\n${own.length === 0 ? '' : `\n${optionTable(own)}`}`
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map(({ flags, description, defaultValue, mandatory, argChoices }) => {
    const choices = argChoices === undefined ? '' : `: ${argChoices.map(code).join(' or ')}`
    const usual: unknown = defaultValue
    const shown = mandatory ? 'required' : usual === undefined ? '' : code(String(usual))
    return [code(flags), shown, description + choices]
  })
  return table(['option', 'default', 'meaning'], rows)
}
