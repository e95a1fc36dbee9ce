/** Makes the embedding that ships with the product. Reads as the recipe: texts, teacher, axes, fit, background, file. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeEmbeddingFile, type EmbeddingHeader } from '../../src/adapters/builtin/static-embedding/embedding-file.ts'
import { createWordPieceTokenizer } from '../../src/foundation/text/word-piece-tokenizer.ts'
import { TouchstoneError } from '../../src/foundation/errors/touchstone-error.ts'
import { agreementWithTeacher, measureBackground } from './agreement.ts'
import { fitPieces, inverseFrequencyWeights, toBags } from './piece-fit.ts'
import { meanOf, principalComponents, project } from './principal-components.ts'
import { quantizeRows } from './quantize.ts'
import { loadTeacher, type Teacher } from './teacher.ts'
import { readWordNet } from './wordnet-texts.ts'

const DIMENSIONS = 256
const TEXTS = { definitions: 80_000, examples: 40_000, terms: 30_000 } as const
/** Of definitions and examples, one in this many is not fitted but measured on. */
const HELD_OUT_EVERY = 20
const FREQUENCY_CONSTANT = 1e-3
const FIT = { width: DIMENSIONS, ridge: 0.3, iterations: 12 } as const

interface Options {
  readonly teacher: string
  readonly glosses: string
  readonly onnxruntime: string
  readonly out: string
}

await distil(readOptions())

async function distil(options: Options): Promise<void> {
  const teacher = await loadTeacher(options.teacher, options.onnxruntime)
  const texts = chooseTexts(options.glosses)
  report(`${texts.fitted.length} texts to fit, ${texts.heldOut.length} held out`)
  const tokenizeForTeacher = createWordPieceTokenizer(teacher.vocabulary)
  const encode = (list: readonly string[]) => teacher.encode(list.map(tokenizeForTeacher))
  const [wanted, heldOut] = [await encode(texts.fitted), await encode(texts.heldOut)]
  report('texts encoded by the teacher')

  const kept = keptPieces(teacher)
  const vocabulary = kept.map((piece) => teacher.vocabulary[piece] ?? '')
  const tokenize = createWordPieceTokenizer(vocabulary)
  const bags = texts.fitted.map(tokenize)
  const axes = principalComponents(wanted.subarray(0, texts.sentences * teacher.dimensions), teacher.dimensions, DIMENSIONS)
  report(`${DIMENSIONS} axes carry ${(100 * axes.explained).toFixed(1)} % of the variance`)
  const alone = await teacher.encode(kept.map((piece) => [piece]))
  // Around their own mean: what all one-word texts share says nothing about a word.
  const initial = project(alone, { ...axes, mean: meanOf(alone, teacher.dimensions) })
  const weights = inverseFrequencyWeights(bags.slice(0, texts.sentences), kept.length, FREQUENCY_CONSTANT)
  const vectors = fitPieces(toBags(bags, weights), initial, project(wanted, axes), FIT)
  report(`${kept.length} pieces fitted`)

  const table = { vocabulary, ...quantizeRows(vectors, weights, DIMENSIONS) }
  const draft = { ...table, header: headerOf(options, texts, kept.length) }
  const header = { ...draft.header, background: measureBackground(draft, texts.heldOut) }
  const file = encodeEmbeddingFile({ ...table, header })
  writeFileSync(options.out, file)
  report(`${options.out}: ${file.length} bytes, sha256 ${createHash('sha256').update(file).digest('hex')}`)
  report(JSON.stringify({ ...header.background, ...agreementWithTeacher({ ...table, header }, texts.heldOut, heldOut) }))
}

function readOptions(): Options {
  const flag = { type: 'string' } as const
  const { values } = parseArgs({ options: { teacher: flag, glosses: flag, out: flag, onnxruntime: { ...flag, default: '.' } } })
  const required = (name: 'teacher' | 'glosses' | 'out'): string => {
    const value = values[name]
    if (value !== undefined) return value
    throw new TouchstoneError('ARGUMENT_INVALID', { details: { name: `--${name}`, reason: 'is missing', command: 'distil' } })
  }
  return { teacher: required('teacher'), glosses: required('glosses'), out: required('out'), onnxruntime: values.onnxruntime }
}

interface ChosenTexts {
  /** Sentences first, then terms. */
  readonly fitted: readonly string[]
  /** How many of the fitted ones are sentences. */
  readonly sentences: number
  readonly heldOut: readonly string[]
}

function chooseTexts(folder: string): ChosenTexts {
  const { terms, definitions, examples } = readWordNet(folder)
  const sentences = [...evenly(definitions, TEXTS.definitions), ...evenly(examples, TEXTS.examples)]
  const isHeldOut = (_: string, index: number) => index % HELD_OUT_EVERY === 0
  const fitted = sentences.filter((text, index) => !isHeldOut(text, index))
  return {
    fitted: [...fitted, ...evenly(terms, TEXTS.terms)],
    sentences: fitted.length,
    heldOut: sentences.filter(isHeldOut),
  }
}

/** `count` texts, evenly spread: WordNet is ordered by subject. */
function evenly(texts: readonly string[], count: number): readonly string[] {
  return Array.from({ length: Math.min(count, texts.length) }, (_, index) => {
    return texts[Math.floor((index * texts.length) / Math.min(count, texts.length))] ?? ''
  })
}

/** All pieces but markers such as [CLS] and those of scripts in which the teacher learned nothing. */
function keptPieces({ vocabulary }: Teacher): readonly number[] {
  const foreign = /(?!\p{Script=Latin}|\p{Script=Greek})\p{L}|\p{M}/u
  return [...vocabulary.keys()].filter((piece) => {
    const text = vocabulary[piece] ?? ''
    return !/^\[.+\]$/.test(text) && !foreign.test(text)
  })
}

function headerOf(options: Options, texts: ChosenTexts, pieces: number): EmbeddingHeader {
  const model = readFileSync(join(options.teacher, 'onnx/model_quantized.onnx'))
  return {
    id: 'builtin/static-embedding@1',
    languages: ['en'],
    dimensions: DIMENSIONS,
    pieces,
    background: { mean: 0, deviation: 1 },
    origin: {
      teacher: 'sentence-transformers/all-MiniLM-L6-v2',
      teacherSha256: createHash('sha256').update(model).digest('hex'),
      texts: 'WordNet 3.0',
      textCount: texts.fitted.length,
    },
  }
}

function report(line: string): void {
  process.stdout.write(`${line}\n`)
}
