/** JSON and JSON Lines as readable text: each value with the path of its keys, records as rows. Knows no schema. */
import { decodeText, cleanText } from './decode-text.ts'
import { defineParser, parseFailure } from './define-parser.ts'
import type { BlockWriter } from './block-writer.ts'
import { settleToOneLine } from './inline-text.ts'
import { type JsonRecord, type JsonValue, readJson } from './json-value.ts'
import { refuseBinary } from './sniff-format.ts'

export const json = defineParser({
  id: 'json',
  version: 1,
  summary: 'JSON and JSON Lines: values with the path of their keys, arrays of records as rows',
  endings: ['json', 'jsonl', 'ndjson'],
  mediaType: 'application/json',
  async read(input, writer) {
    refuseBinary(input.bytes, input.path)
    writeValue(readDocument(await decodeText(input.bytes, input.path), input.path), '', { writer, group: {} })
    return {}
  },
})

/** The files' endings are not to be trusted: whatever is no JSON as a whole may be so line by line. */
function readDocument(source: string, path: string): JsonValue {
  if (source.trim() === '') return { kind: 'list', items: [] }
  try {
    return readJson(source)
  } catch (error) {
    const lines = [...source.matchAll(/[^\n]*\S[^\n]*/g)].map(([line]) => line)
    if (lines.length < 2 || !isJson(lines[0] ?? '')) throw error
    return { kind: 'list', items: lines.map((line, index) => readLine(line, index, path)) }
  }
}

function isJson(line: string): boolean {
  try {
    readJson(line)
    return true
  } catch {
    return false
  }
}

function readLine(line: string, index: number, path: string): JsonValue {
  try {
    return readJson(line)
  } catch (error) {
    throw parseFailure(path, `record ${index + 1} is not JSON`, error)
  }
}

interface Output {
  readonly writer: BlockWriter
  /** Values that belong together stand on adjacent lines. */
  readonly group: object
}

/** Records in a list become rows under the path of the list; everything else one line for each value. */
function writeValue(value: JsonValue, path: string, output: Output): void {
  if (value.kind === 'record') {
    for (const [key, inner] of value.entries) writeValue(inner, joinPath(path, key), output)
  } else if (value.kind === 'list' && value.items.some((item) => item.kind === 'record')) {
    writeRecords(value.items, path, output.writer)
  } else {
    const text = value.kind === 'leaf' ? cleanText(value.text.toWellFormed()).trim() : inlineList(value.items)
    if (text !== '') output.writer.write('list-item', path === '' ? text : `${path}: ${text}`, { group: output.group })
  }
}

function writeRecords(items: readonly JsonValue[], path: string, writer: BlockWriter): void {
  const group = {}
  for (const [index, item] of items.entries()) {
    const cells = item.kind === 'record' ? recordCells(item, '') : inlineCell('', item)
    const place = path === '' ? [] : [`${path}[${index}]`]
    if (cells.length > 0) writer.write('table-row', [...place, ...cells].join('; '), { group })
  }
}

/** `key: value` for everything inside, with the path below the record. */
function recordCells(record: JsonRecord, path: string): readonly string[] {
  return record.entries.flatMap(([key, value]) => {
    const own = joinPath(path, key)
    if (value.kind === 'record') return recordCells(value, own)
    if (value.kind === 'leaf' || !value.items.some((item) => item.kind === 'record')) return inlineCell(own, value)
    return value.items.flatMap((item, index) => {
      const place = `${own}[${index}]`
      return item.kind === 'record' ? recordCells(item, place) : inlineCell(place, item)
    })
  })
}

function inlineCell(path: string, value: JsonValue): readonly string[] {
  const text = inlineText(value)
  return text === '' ? [] : [path === '' ? text : `${path}: ${text}`]
}

function inlineText(value: JsonValue): string {
  if (value.kind === 'leaf') return settleToOneLine(cleanText(value.text.toWellFormed()))
  if (value.kind === 'list') return inlineList(value.items)
  return recordCells(value, '').join('; ')
}

function inlineList(items: readonly JsonValue[]): string {
  const texts = items.map((item) => (item.kind === 'list' ? `[${inlineList(item.items)}]` : inlineText(item)))
  return texts.filter((text) => text !== '').join(', ')
}

function joinPath(path: string, key: string): string {
  const name = settleToOneLine(cleanText(key.toWellFormed()))
  return path === '' ? name : `${path}.${name}`
}
