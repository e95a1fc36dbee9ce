/** Keeps untrusted text inside its block: escapes what a delimiter or a chat template is made of, reversibly. Judges no content. */

// `<` and `[` are escaped only where they could open one of our delimiters or a control token of a known chat template.
const RESERVED = new RegExp(
  [
    '<(?=<<)',
    String.raw`<(?=[|｜])`,
    String.raw`<(?=/?(?:s|bos|eos|pad|unk|sys|system|user|assistant|human|start_of_turn|end_of_turn|end_of_text|begin_of_text|think|tool_call|function_calls?)>)`,
    '<(?=</?SYS>>)',
    String.raw`\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])`,
    '&(?=amp;|lt;|lbrack;)',
  ].join('|'),
  'gi',
)
const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '[': '&lbrack;', '&': '&amp;' }
const ORIGINALS: Readonly<Record<string, string>> = { '&lt;': '<', '&lbrack;': '[', '&amp;': '&' }

/** @returns the text with reserved openings escaped; `restoreUntrusted(escapeUntrusted(text)) === text` */
export function escapeUntrusted(text: string): string {
  return text.replace(RESERVED, (character) => ESCAPES[character] ?? character)
}

export function restoreUntrusted(escaped: string): string {
  return escaped.replace(/&(?:lt|lbrack|amp);/g, (entity) => ORIGINALS[entity] ?? entity)
}
