/**
 * A JavaScript or Python assertion of promptfoo as a program: JSON Lines in, `{ id, output, vars, expected }`; JSON Lines out,
 * `{ id, score }`, or without a score where it gave none, which leaves the case unscored. Knows what such an assertion is given and may return; never runs it.
 */

export interface AssertionProgram {
  /** Path within the suite's folder. */
  readonly path: string
  readonly text: string
  readonly command: readonly string[]
}

/** @param name without an ending; @param code an expression, or a body that returns; as promptfoo takes it */
export function javascriptProgram(name: string, code: string): AssertionProgram {
  const path = `assertions/${name}.mjs`
  return { path, command: ['node', path], text: JAVASCRIPT.replace('BODY', () => JSON.stringify(javascriptBody(code))) }
}

/** An expression is returned; declarations before a last expression stay, and what has lines of its own is a body. */
function javascriptBody(code: string): string {
  const text = code.trim().replace(/;+\s*$/, '')
  if (text.includes('\n')) return code
  if (!/^(const|let|var)\s/.test(text)) return `return ${text}`
  const last = text.lastIndexOf(';')
  return last < 0 ? text : `${text.slice(0, last + 1)} return ${text.slice(last + 1).trim()}`
}

export function pythonProgram(name: string, code: string): AssertionProgram {
  const path = `assertions/${name}.py`
  return { path, command: ['python3', path], text: PYTHON.replace('SOURCE', () => JSON.stringify(code)) }
}

const JAVASCRIPT = `// An assertion of a promptfoo suite. One line in, one line out; an assertion that throws gives no score.
import { createInterface } from 'node:readline'

const assertion = new Function('output', 'context', BODY)
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue
  const { id, output, vars = {}, expected } = JSON.parse(line)
  const text = typeof output === 'string' ? output : (output?.text ?? '')
  try {
    const result = await assertion(text, { vars, test: { vars }, expected })
    const score = typeof result === 'object' && result !== null ? (result.score ?? Number(result.pass)) : Number(result)
    console.log(JSON.stringify(Number.isFinite(score) ? { id, score } : { id, error: 'no number' }))
  } catch (error) {
    console.log(JSON.stringify({ id, error: String(error) }))
  }
}
`

const PYTHON = `# An assertion of a promptfoo suite. One line in, one line out; an assertion that raises gives no score.
import json
import sys

CODE = SOURCE


def run(output, context):
    scope = {"output": output, "context": context, "json": json}
    if "\\n" not in CODE.strip():
        return eval(CODE.strip(), scope)
    body = "def assertion(output, context):\\n" + "\\n".join("    " + line for line in CODE.splitlines())
    exec(body, scope)
    return scope["assertion"](output, context)


for line in sys.stdin:
    if not line.strip():
        continue
    given = json.loads(line)
    output = given.get("output")
    text = output if isinstance(output, str) else (output or {}).get("text", "")
    try:
        result = run(text, {"vars": given.get("vars") or {}, "expected": given.get("expected")})
        if isinstance(result, dict):
            result = result.get("score", result.get("pass", result.get("pass_")))
        answer = {"id": given.get("id"), "score": float(result)}
    except Exception as error:
        answer = {"id": given.get("id"), "error": repr(error)}
    print(json.dumps(answer), flush=True)
`
