/** Quantiles and probabilities of the standard normal distribution. Knows nothing of intervals or tests. */
import { TouchstoneError } from '../errors/touchstone-error.ts'

// Coefficients of AS 241 (PPND16) as doubles, lowest power first.
const CENTRE = {
  over: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  under: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
    5226.495278852854,
  ],
}
const MIDDLE = {
  over: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
    0.022723844989269184, 0.0007745450142783414,
  ],
  under: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
    1.0507500716444169e-9,
  ],
}
const TAIL = {
  over: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
    2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  under: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
}

/**
 * The z with P(Z <= z) = p for a standard normal Z; relative error below 1e-15.
 * @param p in (0, 1)
 * @throws TouchstoneError STATISTIC_UNDEFINED outside of it
 * Source: Wichura 1988, algorithm AS 241 (PPND16).
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1))
    throw new TouchstoneError('STATISTIC_UNDEFINED', { details: { statistic: 'A normal quantile', reason: `p = ${p}` } })
  const centred = p - 0.5
  if (Math.abs(centred) <= 0.425) return centred * ratio(CENTRE, 0.180625 - centred * centred)
  const distance = Math.sqrt(-Math.log(Math.min(p, 1 - p)))
  const magnitude = distance <= 5 ? ratio(MIDDLE, distance - 1.6) : ratio(TAIL, distance - 5)
  return centred < 0 ? -magnitude : magnitude
}

// Coefficients of Hart's algorithm 5666, lowest power first.
const CUMULATIVE = {
  over: [
    220.206867912376, 221.213596169931, 112.079291497871, 33.912866078383, 6.37396220353165, 0.700383064443688,
    0.0352624965998911,
  ],
  under: [
    440.413735824752, 793.826512519948, 637.333633378831, 296.564248779674, 86.7807322029461, 16.064177579207, 1.75566716318264,
    0.0883883476483184,
  ],
}

/**
 * P(Z <= z) for a standard normal Z; absolute error below 1e-14, relative below 1e-12 in the lower tail down to z = -37.
 * @returns 0..1; NaN for NaN
 * Source: Hart 1968, algorithm 5666, as West 2005 gives it for doubles.
 */
export function normalProbability(z: number): number {
  if (z > 0) return 1 - normalProbability(-z)
  const distance = -z
  if (distance > 37) return 0
  const density = Math.exp((-z * z) / 2)
  if (distance < 7.07106781186547) return density * ratio(CUMULATIVE, distance)
  const fraction = [4, 3, 2, 1].reduce((under, over) => distance + over / under, distance + 0.65)
  return density / fraction / Math.sqrt(2 * Math.PI)
}

function ratio({ over, under }: { readonly over: readonly number[]; readonly under: readonly number[] }, x: number): number {
  return polynomial(over, x) / polynomial(under, x)
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)
}
